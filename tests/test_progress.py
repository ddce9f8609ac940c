"""What a person sees of a run on a terminal."""

import io

from tenglong.run.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_only_the_cells_of_the_page_that_is_shown_are_told():
    progress = Progress(Terminal(), 2)
    with progress.page("land"):
        progress.cell("land", 3, 9)
        progress.cell("carbon", 7, 8)
        assert progress._status.status == "[1/2] land: 3/9"
    progress.cell("land", 4, 9)
    assert progress._status is None
