"""Identifiers: invented ones that pass every check a real one passes.

A credit identifier (GB 32100-2015) has 18 characters: department, type, six digits of the
area, an organisation code of eight characters with its own check (GB 11714-1997), and a check
over all. The sample's organisation codes begin with XXXX, a range that is never issued, so that
none can be a real firm's.
"""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
DIGITS, DECIMALS = 10, 10_000  # of a firm's number of four digits


def organisation_check(body: str) -> str:
    """Give the check character of an organisation code (GB 11714).

    The codes of the domain's three verified identifiers:

    >>> [organisation_check(body) for body in ("M000100Y", "10162374", "69769418")]
    ['4', '1', '7']
    """
    total = sum(w * int(c, 36) for w, c in zip(ORGANISATION_WEIGHTS, body, strict=True))
    return "0X987654321"[total % 11]


def credit_check(body: str) -> str:
    """Give the check character of a credit identifier (GB 32100).

    >>> [credit_check(body) for body in ("91350100M000100Y4", "91110000101623741")]
    ['3', 'K']
    """
    total = sum(w * ALPHABET.index(c) for w, c in zip(WEIGHTS, body, strict=True))
    return ALPHABET[-total % len(ALPHABET)]


def credit_identifier(county: str, number: int) -> str:
    """Make the credit identifier of a county's firm of this number.

    >>> credit_identifier("330328", 1), credit_identifier("330328", 10_000)
    ('91330328XXXX00019N', '91330328XXXXA0005N')
    """
    organisation = f"XXXX{_four(number)}"
    body = f"91{county}{organisation}{organisation_check(organisation)}"
    return body + credit_check(body)


def parcel_code(township: str, number: int, *, sub_area: int = 1) -> str:
    """Make a 19-character parcel code: county, area, sub-area, state-owned surface, number.

    >>> parcel_code("330328106", 12)
    '330328106001GB00012'
    """
    return f"{township}{sub_area:03d}GB{number:05d}"


def unit_number(parcel: str, *, is_built: bool) -> str:
    """Make the 28-character number of the real-estate unit of a parcel, built on or bare.

    >>> unit_number("330328106001GB00012", is_built=False)
    '330328106001GB00012W00000000'
    """
    return parcel + ("F00010001" if is_built else "W00000000")


def firm_number(usci: str) -> int:
    """Give the number of the firm that a credit identifier was made of.

    >>> [firm_number(credit_identifier("330328", number)) for number in (1, 9_999, 10_000, 43_210)]
    [1, 9999, 10000, 43210]
    """
    four = usci[12:16]
    if four.isdecimal():
        return int(four)
    number = ALPHABET.index(four[0]) - DIGITS
    for letter in four[1:]:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number + DECIMALS


def _four(number: int) -> str:
    """Write a firm's number in four characters: digits, then what begins with a letter."""
    if number < DECIMALS:
        return f"{number:04d}"
    rest, letters = number - DECIMALS, ""
    for _ in range(3):
        rest, place = divmod(rest, len(ALPHABET))
        letters = ALPHABET[place] + letters
    return ALPHABET[DIGITS + rest] + letters
