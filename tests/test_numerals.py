"""Numbers as a reader sees them: nothing is lost, and nothing is left of how Python writes them."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.numerals import MINUS, RAISED, TIMES, numeral, readable, typeset

LOWERED = str.maketrans({raised: chr(plain) for plain, raised in RAISED.items()})
SPECS = ["", ".3f", ".1e", ".2g", "+.2g", ".5g", ".12g", "g", "+.1e", ".0f"]
numbers = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)


def value_of(text):
    """Read a numeral back."""
    text = text.replace(",", "")
    power = re.fullmatch(rf"([+{MINUS}]?)(?:(.*){TIMES})?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
    if power:
        sign, mantissa, exponent = power.groups()
        text = f"{sign}{mantissa or 1}e{exponent.translate(LOWERED)}"
    return float(text.replace(MINUS, "-"))


@given(numbers, st.sampled_from(SPECS))
def test_a_numeral_is_the_number_that_python_writes(value, spec):
    assert value_of(numeral(value, spec)) == float(format(value, spec))


@given(numbers, st.sampled_from(SPECS))
def test_a_numeral_has_no_hyphen_no_e_and_no_long_run_of_digits(value, spec):
    shown = numeral(value, spec)
    assert not set(shown) & set("-eE")
    assert not re.search(r"\d{4}", shown.partition(".")[0])
    groups = shown.partition(".")[0].split(TIMES)[0].split(",")
    assert all(len(group) == 3 for group in groups[1:])


@given(numbers, st.sampled_from(SPECS))
def test_the_sign_is_the_numbers(value, spec):
    shown = numeral(value, spec)
    assert shown.startswith(MINUS) == (value < 0 and value_of(shown) != 0)
    assert shown.startswith("+") == (spec.startswith("+") and math.copysign(1, value) > 0)


@pytest.mark.parametrize(
    ("value", "spec", "shown"),
    [
        (-1956.7522, ".3f", "−1,956.752"),
        (-216.098, ".3f", "−216.098"),
        (999, "", "999"),
        (1000, "", "1,000"),
        (1234567, "", "1,234,567"),
        (0.123456789, ".9f", "0.123456789"),
        (0.00001234, ".2g", "1.2\u00a0×\u00a010⁻⁵"),
        (1.2e-6, "+.2g", "+1.2\u00a0×\u00a010⁻⁶"),
        (-1.2e-6, "+.2g", "−1.2\u00a0×\u00a010⁻⁶"),
        (0.0, "+.2g", "+0"),
        (-0.0001, ".3f", "0.000"),
        (-0.0, "g", "0"),
        (1e-12, "", "10⁻¹²"),
        (-1e-6, "g", "−10⁻⁶"),
        (1e-4, "", "0.0001"),
        (123.0, "+.2g", "+120"),
        (123456.0, ".2g", "120,000"),
        (1234567.0, ".2g", "1.2\u00a0×\u00a010⁶"),
        (0.5, ".1%", "50.0%"),
        (float("-inf"), ".3f", "−inf"),
    ],
)
def test_how_numbers_look(value, spec, shown):
    assert numeral(value, spec) == shown


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (-216.1, "-216.1"),
        (1234.5, "1{,}234.5"),
        (-123456.0, "-123{,}460"),
        (1e-6, r"1 \cdot 10^{-6}"),
        (-1.25e-7, r"-1.25 \cdot 10^{-7}"),
        (1.5e9, r"1.5 \cdot 10^{9}"),
    ],
)
def test_how_numbers_are_typeset(value, typed):
    assert typeset(value, ".5g") == typed


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("It fell by 1.23e+03.", "It fell by 1,230."),
        ("It fell by 4e-09 (at -0.5).", "It fell by 4\u00a0×\u00a010⁻⁹ (at −0.5)."),
        ("Rows 3, 9 and 12345 of the data", "Rows 3, 9 and 12,345 of the data"),
        ("30-50 points, k-means++ and x2, 1.2.3", "30-50 points, k-means++ and x2, 1.2.3"),
        (
            "already 1,000,000 or −2 or 1.2\u00a0×\u00a010⁻⁵",
            "already 1,000,000 or −2 or 1.2\u00a0×\u00a010⁻⁵",
        ),
        ("tutorial-5 or iris1", "tutorial-5 or iris1"),
    ],
)
def test_numbers_in_a_sentence(written, shown):
    assert readable(written) == shown
    assert readable(shown) == shown
