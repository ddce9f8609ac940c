"""What a report's folder is called, so that no report has the name of another."""

LANGUAGE = "zh"  # a report in this one says none


def report_name(span: str, *, township: str = "", language: str = LANGUAGE) -> str:
    """Name a report by its period or day, its township's code and its language.

    >>> report_name("2022Q2"), report_name("2022Q2", township="330328100", language="en")
    ('2022Q2', '2022Q2-330328100-en')
    """
    own = "" if language == LANGUAGE else language
    return "-".join(filter(None, (span, township, own)))


def kept_name(name: str, number: int) -> str:
    """Name the folder in which a publication is kept once a revision has taken its place.

    >>> kept_name("2022Q2", 0), kept_name("2022Q2-en", 12)
    ('2022Q2-r00', '2022Q2-en-r12')
    """
    return f"{name}-r{number:02d}"


def latest_name(township: str, language: str) -> str:
    """Name the page that leads to the newest publication.

    >>> latest_name("", "zh"), latest_name("330328100", "en")
    ('latest.html', 'latest-330328100-en.html')
    """
    return f"{report_name('latest', township=township, language=language)}.html"
