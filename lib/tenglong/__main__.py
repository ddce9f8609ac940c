"""`python -m tenglong` is the command `tenglong`."""

import sys

from tenglong.run.cli import main

if __name__ == "__main__":
    sys.exit(main())
