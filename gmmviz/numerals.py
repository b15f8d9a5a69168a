"""Numbers as a reader sees them: with a minus, their thousands apart, and powers of ten where Python writes an "e".

Plotly's axes do the same by themselves, see `gmmviz.figures.traces.AXIS`. What is typed, addresses and the messages of
exceptions keep Python's form.
"""

from __future__ import annotations

import re
from decimal import Decimal

MINUS = "\u2212"
TIMES = "\u00a0×\u00a0"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
WRITTEN_OUT = range(-4, 6)  # powers of ten that take no more room without the power
NUMBER = re.compile(r"(?<![\w.,])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\w)")


def numeral(value: float, spec: str = "") -> str:
    """Return a number as running text, a table or a label shows it.

    Parameters
    ----------
    value : float or int
    spec : str
        Python's format specification; the thousands need not be mentioned.

    Examples
    --------
    >>> numeral(-1956.7524, ".3f"), numeral(20_000), numeral(0.001), numeral(1234.5, ".2g")
    ('−1,956.752', '20,000', '0.001', '1,200')
    >>> numeral(1.2e-5), numeral(-1e-6)
    ('1.2\\xa0×\\xa010⁻⁵', '−10⁻⁶')
    """
    return _shown(format(value, spec))


def typeset(value: float, spec: str = "") -> str:
    """Return a number for KaTeX, which makes a minus of the hyphen by itself.

    >>> typeset(-12345.0, ".5g"), typeset(1.5e-7, ".5g")
    ('-12{,}345', '1.5 \\\\cdot 10^{-7}')
    """
    mantissa, power = _parts(format(value, spec))
    mantissa = mantissa.replace(",", "{,}")
    return rf"{mantissa} \cdot 10^{{{power}}}" if power else mantissa


def readable(text: str) -> str:
    """Return a sentence with the numbers that Python has written in it as a reader sees them.

    >>> readable("Component 2 fell by 1.23e+03, not by -0.5.")
    'Component 2 fell by 1,230, not by −0.5.'
    """
    return NUMBER.sub(lambda number: _shown(number[0]), text)


def _shown(text: str) -> str:
    mantissa, power = _parts(text)
    mantissa = mantissa.replace("-", MINUS)
    if not power:
        return mantissa
    sign, digits = re.fullmatch(rf"([+{MINUS}]?)(.*)", mantissa).groups()
    factor = "" if digits == "1" else f"{digits}{TIMES}"
    return f"{sign}{factor}10{str(power).translate(RAISED)}"


def _parts(text: str) -> tuple[str, int]:
    """Return the mantissa of a number that Python has written, its thousands apart, and its power of ten, perhaps 0."""
    mantissa, _, exponent = text.partition("e")
    power = int(exponent or 0)
    if exponent and power in WRITTEN_OUT:
        mantissa, power = ("+" if text.startswith("+") else "") + f"{Decimal(text):f}", 0
    if re.fullmatch(r"-0(\.0*)?%?", mantissa):
        mantissa = mantissa.removeprefix("-")
    whole, point, decimals = mantissa.partition(".")
    return re.sub(r"\d{4,}", lambda digits: _in_thousands(digits[0]), whole) + point + decimals, power


def _in_thousands(digits: str) -> str:
    """Return digits with their thousands apart; there may be more than Python makes a number of.

    >>> _in_thousands("1234567"), _in_thousands("0042"), len(_in_thousands("9" * 9000))
    ('1,234,567', '42', 11999)
    """
    digits = digits.lstrip("0") or "0"
    first = len(digits) % 3
    return ",".join(
        filter(None, [digits[:first], *(digits[i : i + 3] for i in range(first, len(digits), 3))])
    )
