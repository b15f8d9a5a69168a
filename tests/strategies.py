"""Hypothesis strategies that several tests share."""

from functools import singledispatch

from hypothesis import strategies as st

from gmmviz.datasets import DRAWN
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.settings import (
    Choice,
    ColumnList,
    Dots,
    Number,
    NumberList,
    Places,
    Setting,
    Several,
    Span,
    TextList,
    Word,
)


@singledispatch
def valid_values(row: Setting) -> st.SearchStrategy:
    """Every valid value of a setting."""
    raise TypeError(row)


@valid_values.register
def _(row: Choice) -> st.SearchStrategy:
    return st.sampled_from(list(row.choices))


@valid_values.register
def _(row: Number) -> st.SearchStrategy:
    if row.whole:
        return st.integers(row.low, row.high)
    numbers = st.floats(row.low, row.high)
    return numbers if row.default is not None else st.none() | numbers


@valid_values.register
def _(row: Several) -> st.SearchStrategy:
    return st.sets(st.sampled_from(list(row.choices)), min_size=1).map(row.nearest)


@valid_values.register
def _(row: Span) -> st.SearchStrategy:
    ends = st.integers(row.low, row.high)
    return st.tuples(ends, ends).map(row.nearest)


@valid_values.register
def _(row: NumberList) -> st.SearchStrategy:
    least, most = row.count
    numbers = st.lists(st.floats(row.low, row.high), min_size=least, max_size=min(most, 12))
    return numbers.map(row.nearest)


@valid_values.register
def _(row: ColumnList) -> st.SearchStrategy:
    return st.lists(st.integers(1, 99).map(str), max_size=row.most, unique=True).map(tuple)


@valid_values.register
def _(row: Word) -> st.SearchStrategy:
    return st.just(row.default) | st.from_regex(row.form, fullmatch=True)


@valid_values.register
def _(row: Places) -> st.SearchStrategy:
    numbers = st.floats(row.low, row.high)
    return st.lists(st.tuples(numbers, numbers), max_size=min(row.most, 12)).map(row.nearest)


@valid_values.register
def _(row: Dots) -> st.SearchStrategy:
    numbers = st.integers(0, row.SIDE - 1)
    return st.lists(st.tuples(numbers, numbers), max_size=min(row.most, 40)).map(tuple)


@valid_values.register
def _(row: TextList) -> st.SearchStrategy:
    texts = st.text("abc05.=&- ", min_size=1).filter(lambda text: row.separator not in text)
    return st.lists(texts, max_size=row.most).map(tuple).map(row.nearest)


def experiments() -> st.SearchStrategy:
    """Every experiment of the explorer, built from the table: about half of the settings at their defaults."""
    values = {name: valid_values(row) for name, row in Explorer.table().items()}
    return st.fixed_dictionaries({}, optional=values).map(_whole)


def _whole(settings: dict) -> Explorer:
    """Return the experiment of settings; dots, which one dataset alone has, are drawn there."""
    return Explorer(**settings | ({"dataset": DRAWN} if settings.get("dots") else {}))


# --- Addresses, as hostile as they come -------------------------------------------------------------------------------

HOSTILE = [
    *(
        "",
        " ",
        "<script>alert(1)</script>",
        "nan",
        "inf",
        "-inf",
        "1e999",
        "-5",
        "5.7",
        "٣",
        "1_0",
        "0x1f",
        "None",
    ),
    *(
        "999999999999999999999",
        "[a](javascript:x)",
        "**bold**",
        "_a_",
        "www.example.com",
        "$x$",
        ":red[x]",
        "\x00",
    ),
    *("9" * 100_000, "0" * 200 + "5", "full; drop", "‮evil", "`x`", "K-MEANS", "ful", "../../etc", "<b>"),
    *("1,2,nan", ",", "1,,2", "1 2 3", "1e300,-1e300,0", "0,0,0", "," * 5000, "1," * 900, "1 2 3 4 5 6 abc"),
    *(
        "1-6",
        "6-1",
        "-",
        "--",
        "1-",
        "-1-",
        "0-99",
        "1-nan",
        "-inf-inf",
        "1e-5",
        "1–6",
        "full,,tied",
        "aAAAA",
        "aAAAA!",
        "a" + "z-_9" * 900,
        "bAAAA",
        "1,2;3,4",
        ";;1,2;x;3,4,5;;nan,1",
        "1,2;" * 400,
        "tied full ful",
    ),
]


def texts() -> st.SearchStrategy:
    """What an address may say of a setting."""
    numbers = st.floats().map(str)
    lists = st.lists(numbers).map(",".join)
    return st.sampled_from(HOSTILE) | st.text() | numbers | st.integers().map(str) | lists


def queries(table: dict) -> st.SearchStrategy:
    """Whole addresses: names of settings and others, with texts or lists of texts."""
    names = st.sampled_from([*table, "nonsense", "__class__", "<b>", "_x_"]) | st.text(min_size=1)
    return st.dictionaries(names, texts() | st.lists(texts(), max_size=3), max_size=8)
