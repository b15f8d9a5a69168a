"""Facts -> sentences: what had to be changed in an address."""

import re
from functools import singledispatch

from gmmviz.corrections import (
    Bounds,
    Concealed,
    Correction,
    Legible,
    NoGroup,
    NoPage,
    RunEnds,
    ThereAre,
    Unknown,
)
from gmmviz.numerals import numeral, readable
from gmmviz.settings import as_text

LONG = 40  # characters of a value that are told


def corrected(correction: Correction) -> str:
    """Return a correction of an address as a sentence, safe wherever Markdown is shown.

    >>> corrected(Correction("k", "99", 30))
    'k was "99"; now 30.'
    >>> corrected(Correction("<b>", "1", why=Unknown()))
    'There is no setting "?b?"; it was ignored.'
    """
    return _because(correction.why, correction)


@singledispatch
def _because(why: None, correction: Correction) -> str:
    now = "the default" if correction.now in (None, ()) else _short(_value(correction.now))
    return f'{correction.name} was "{_harmless(correction.given)}"; now {now}.'


@_because.register
def _(why: Unknown, correction: Correction) -> str:
    return f'There is no setting "{_harmless(correction.name)}"; it was ignored.'


@_because.register
def _(why: Bounds, correction: Correction) -> str:
    low, high = map(_plain, (why.low, why.high))
    wrong = []
    if why.outside and why.low > 0:
        wrong.append(f"must be positive, at least {low}" + f" and at most {high}" * why.above)
    elif why.outside:
        wrong.append(f"must each be from {low} to {high}")
    if why.most is not None:
        wrong.append(f"may be {why.most} at most, so the rest was left out")
    now = _short(_value(correction.now))
    return f"{correction.name.capitalize()} {', and '.join(wrong)}; they are now {now}."


@_because.register
def _(why: Legible, correction: Correction) -> str:
    first = f"the first {why.n:,}" if why.n > 1 else "the first"
    return f"Of the drawn points, {correction.name}, only {first} could be read."


@_because.register
def _(why: ThereAre, correction: Correction) -> str:
    verb = "are" if isinstance(correction.now, tuple) else "is"
    return f"There are {why.n:,} {why.things}, so {correction.name} {verb} now {_value(correction.now)}."


@_because.register
def _(why: RunEnds, correction: Correction) -> str:
    now = _value(correction.now)
    return f"The run ends at iteration {why.last:,}, so the iteration shown, {correction.name}, is now {now}."


@_because.register
def _(why: NoGroup, correction: Correction) -> str:
    return f'There is nothing called "{_harmless(correction.given)}" to hide; it was ignored.'


@_because.register
def _(why: NoPage, correction: Correction) -> str:
    return f'The next link "{_harmless(correction.given)}" leads to no page here; it was left out.'


@_because.register
def _(why: Concealed, correction: Correction) -> str:
    return f"The true groups are hidden here, so {correction.name} is now {_value(correction.now)}."


def _plain(end: float) -> str:
    """Return a bound, a large one with all its zeros."""
    return numeral(end, ".0f" if abs(end) >= 1 else "g")


def _value(value) -> str:
    """Return what a setting became, as a reader sees it."""
    return readable(as_text(value).replace(",", ", "))


def _short(text: str) -> str:
    return text if len(text) <= LONG else text[:LONG] + "..."


def _harmless(text: str) -> str:
    """Return text from an address, short and without anything that Markdown or HTML would act upon."""
    # An underscore at a word's edge would be emphasis, and a dot after letters might be a web address.
    kept = re.sub(r"[^\w +\-.,]|(?<![^\W_])_|_(?![^\W_])|(?<!\d)\.", "?", text[:100])
    return _short(kept)
