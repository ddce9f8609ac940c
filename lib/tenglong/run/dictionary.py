"""Print the data dictionary: `python -m tenglong.run.dictionary > docs/data-dictionary.md`."""

import argparse

from tenglong.run.forms import forms
from tenglong.show.form.dictionary import dictionary_markdown


def main() -> None:
    """Print it as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", choices=["zh", "en"], default="en")
    language = parser.parse_args().language
    print(dictionary_markdown(forms(), language=language), end="")


if __name__ == "__main__":
    main()
