"""Settings: kinds that read, check and write; tables; and addresses, none of which raises."""

import re
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gmmviz.corrections import Bounds, Correction, Legible, RunEnds, ThereAre, Unknown
from gmmviz.experiment import OF_OWN, Experiment
from gmmviz.pages import PAGES
from gmmviz.settings import (
    LONGEST,
    Choice,
    ColumnList,
    Decade,
    Dots,
    Ends,
    Number,
    NumberList,
    Places,
    Settings,
    Several,
    Span,
    TextList,
    Word,
    setting,
)
from gmmviz.words import corrected
from tests.strategies import HOSTILE, queries, texts, valid_values

import_module("gmmviz.frame")
for page in PAGES:
    import_module(f"gmmviz.pages.{page.name.replace('-', '_')}.settings")


def _all_below(cls):
    return [lower for below in cls.__subclasses__() for lower in (below, *_all_below(below))]


TABLES = [cls for cls in _all_below(Settings) if cls.__module__.startswith("gmmviz")]
ROWS = [pytest.param(row, id=f"{cls.__name__}-{name}") for cls in TABLES for name, row in cls.table().items()]
of_every_table = pytest.mark.parametrize("cls", TABLES, ids=lambda cls: cls.__name__)

WHOLE = Number(3, "K", "How many.", low=1, high=16, name="k")
REAL = Number(None, "x", "Where.", low=-2.0, high=5.0, step=0.1, name="x")
CHOICE = Choice("moons", "Data", "Which.", choices={"moons": "Moons", "k-means": "K-means"}, name="data")
DECADE = Decade(0.1, "v", "How wide.", choices={1.0: "1", 0.1: "0.1", 1e-6: "1e-6", 0.0: "none"}, name="v")
SEVERAL = Several(
    ("full",), "Shapes", "Which.", choices={"full": "Full", "tied": "Tied", "diag": "Diagonal"}, name="types"
)
SPAN = Span(Ends(1, 6), "K", "From, to.", low=1, high=30, name="ks")
PLACES = Places((), "Placed", "Where.", low=-5.0, high=5.0, most=3, name="placed")
DOTS = Dots((), "Drawn", "Where.", most=3, name="dots")
LIST = NumberList((), "Means", "Where.", low=-1.0, high=1e6, count=(1, 3), name="means")


COLUMNS = ColumnList((), "Columns", "Which.", most=3, name="columns")
WORD = Word("", "File", "Which.", form="[0-9a-f]{4}", name="file")


def test_every_page_has_a_table():
    assert len(TABLES) == 3 + len(PAGES)  # the experiment, the frame, a story's run, and each page's own


# --- The kinds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "text", "value"),
    [
        (WHOLE, " 5 ", 5),
        (WHOLE, "5.7", 6),
        (WHOLE, "-inf", 1),
        (WHOLE, "1e999", 16),
        (WHOLE, "٤", 4),
        (WHOLE, "nan", None),
        (WHOLE, "", None),
        (WHOLE, "five", None),
        (WHOLE, "0" * 99 + "5", 5),
        (WHOLE, "0" * 100 + "5", 1),  # only so much of it is read
        (REAL, "0.25", 0.25),
        (REAL, "9", 5.0),
        (CHOICE, "Moon", "moons"),
        (CHOICE, "kmeans", "k-means"),
        (CHOICE, "suns", None),
        (DECADE, "0.5", 1.0),
        (DECADE, "0.2", 0.1),
        (DECADE, "1e-100", 1e-6),
        (DECADE, "1e-300", 0.0),
        (DECADE, "-7", 0.0),
        (DECADE, "inf", 1.0),
        (DECADE, "wide", None),
        (SEVERAL, "full,tied", ("full", "tied")),
        (SEVERAL, " diag ; Full full", ("full", "diag")),
        (SEVERAL, "dig,tide,nonsense", ("tied", "diag")),
        (SEVERAL, "TIED", ("tied",)),
        (SEVERAL, "nonsense", None),
        (SEVERAL, "", None),
        (SEVERAL, " " * 100 + "tied", None),  # only so much of it is read
        (SPAN, "2-9", Ends(2, 9)),
        (SPAN, "9-2", Ends(2, 9)),
        (SPAN, "7", Ends(7, 7)),
        (SPAN, " 2 – 9 ", Ends(2, 9)),
        (SPAN, "2:9", Ends(2, 9)),
        (SPAN, "2.4-8.6", Ends(2, 9)),
        (SPAN, "0-99", Ends(1, 30)),
        (SPAN, "-5", Ends(1, 1)),
        (SPAN, "-5-3", Ends(1, 3)),
        (SPAN, "-5--3", Ends(1, 1)),
        (SPAN, "-inf-inf", Ends(1, 30)),
        (SPAN, "2-nan", None),
        (SPAN, "2-", None),
        (SPAN, "-", None),
        (SPAN, "1e-5", None),
        (SPAN, "two-nine", None),
        (SPAN, "", None),
        (SPAN, " " * 3 + "2" + " " * 100 + "-9", Ends(2, 2)),  # only so much of it is read
        (COLUMNS, "3,1,2", ("3", "1", "2")),
        (COLUMNS, " 1 , 2,2,x,0,100,-1,1.5,٤", ("1", "2")),
        (COLUMNS, "1,2,3,4", ("1", "2", "3")),
        (COLUMNS, "", ()),
        (WORD, "0af9", "0af9"),
        (WORD, " 0af9 ", "0af9"),
        (WORD, "", ""),
        (WORD, "0AF9", None),
        (WORD, "0af90", None),
        (WORD, "<b>", None),
        (LIST, "1 2;3", (1.0, 2.0, 3.0)),
        (LIST, "1,2,3,4", (1.0, 2.0, 3.0)),
        (LIST, "1 2 3 four", (1.0, 2.0, 3.0)),
        (LIST, "-0", (0.0,)),
        (LIST, "−0.5 0.5", (-0.5, 0.5)),  # with the minus that pages show
        (LIST, "-9 1e9 0.12345678912", (-1.0, 1e6, 0.123456789)),
        (LIST, "", None),
        (LIST, "1, two", None),
        (LIST, "1, nan", None),
        (PLACES, "-1.2,3;0.4,-2", ((-1.2, 3.0), (0.4, -2.0))),
        (PLACES, " −1 , 2 ;; 3,4 ;", ((-1.0, 2.0), (3.0, 4.0))),  # with the minus that pages show
        (
            PLACES,
            "1,2;nonsense;3;4,5,6;nan,1;7,-1e999",
            ((1.0, 2.0), (5.0, -5.0)),
        ),  # what is no place is left out
        (PLACES, "0,0;1,1;2,2;3,3", ((0.0, 0.0), (1.0, 1.0), (2.0, 2.0))),
        (PLACES, "-0,0.12345678912", ((0.0, 0.123456789),)),
        (PLACES, "", ()),
        (PLACES, ";;", ()),
        (PLACES, "1", None),
        (DOTS, "", ()),
        (DOTS, "aAAAA", ((0, 0),)),
        (DOTS, "aAABA__AB", ((0, 64), (4095, 1))),
        (DOTS, "aAAABAAACAAADAAAE", ((0, 1), (0, 2), (0, 3))),
        (DOTS, "aAAABAA", ((0, 1),)),  # a dot that is cut off
        (DOTS, "aAAAB+AAC", ((0, 1),)),
        (DOTS, "aAAABÄÄÄÄ", ((0, 1),)),
        (DOTS, "a", None),
        (DOTS, "bAAAA", None),  # a way of writing that is not known yet
        (DOTS, "AAAA", None),
        (PLACES, "x,y", None),
    ],
)
def test_what_a_text_is_read_as(row, text, value):
    read = row.read(text)
    assert read == value
    assert str(read) == str(value)  # no -0, no 1.0 for 1


def test_of_an_endless_list_only_the_beginning_is_read():
    row = replace(LIST, count=(2, 3))
    assert row.read("1" + " " * LONGEST + "2 3") is None
    assert row.read("1" + " " * (LONGEST - 2) + "2 3") == (1.0, 2.0)


@pytest.mark.parametrize(
    ("text", "slip", "says"),
    [
        ("1,2;3,4", None, True),
        ("1,2;9,4", Bounds(-5.0, 5.0, True), False),
        ("1,1;1,1;1,1;1,1", Bounds(-5.0, 5.0, most=3), False),
        ("1,2;x", None, False),
    ],
)
def test_what_is_wrong_with_places(text, slip, says):
    assert PLACES.slip(text) == slip
    assert PLACES.says(text, PLACES.read(text)) is says


@pytest.mark.parametrize(
    ("text", "slip"),
    [("aAABA", None), ("", None), ("aAABA!", Legible(1)), ("aAABA" * 2, Legible(2)), ("zAAAA", None)],
)
def test_how_much_of_what_was_drawn_can_be_read(text, slip):
    assert DOTS.slip(text) == slip


@given(valid_values(replace(DOTS, most=300)))
def test_a_dot_takes_four_letters_that_no_address_escapes(dots):
    text = DOTS.write(dots)
    assert len(text) == (1 + 4 * len(dots) if dots else 0)
    assert quote(text, safe="") == text


@pytest.mark.parametrize(
    "bad", [[(1, 2)], ((1,),), ((1, 4096),), ((-1, 0),), ((1.0, 2.0),), ((0, 0),) * 4, 3, ((True, 1),)]
)
def test_what_are_no_dots_is_refused(bad):
    with pytest.raises(ValueError, match="give a tuple of 3 dots"):
        DOTS.check(bad)


def test_a_correction_says_how_many_points_could_be_read():
    for n, said in ((1, "the first"), (12, "the first 12")):
        text = corrected(Correction("dots", "a<b>", ((1, 1),) * n, Legible(n)))
        assert text == f"Of the drawn points, dots, only {said} could be read."


@pytest.mark.parametrize("bad", [[(1.0, 2.0)], ((1.0,),), ((1.0, 9.0),), ((0.0, 0.0),) * 4, 3.0, ("ab",)])
def test_what_are_no_places_is_refused(bad):
    with pytest.raises(ValueError, match="give a tuple of 3 places"):
        PLACES.check(bad)


@pytest.mark.parametrize("row", ROWS)
@given(data=st.data())
def test_a_valid_value_survives_its_text_and_its_widget(row, data):
    value = data.draw(valid_values(row))
    row.check(value)
    if value is not None:
        text = row.write(value)
        assert row.read(text) == row.nearest(value) == value
        assert row.says(text, value)
        assert row.slip(text) is None
    assert row.entered(row.shown(value)) == value


@pytest.mark.parametrize("row", ROWS)
@given(text=texts())
def test_whatever_is_read_is_valid(row, text):
    value = row.read(text)
    if value is not None:
        row.check(value)
        assert row.says(row.write(value), value)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_says_all_there_is_to_a_setting(row):
    assert row.label
    assert row.help.endswith((".", "?"))
    assert row.part in ("data", "run", "view")
    if row.default is not None:
        row.check(row.default)
        assert row.kind is type(row.default)


@pytest.mark.parametrize(
    ("row", "bad", "advice"),
    [
        (WHOLE, 17, "k is 17: give a whole number from 1 to 16."),
        (WHOLE, 2.0, "k is 2.0: give a whole number"),
        (WHOLE, True, "k is True: give a whole number"),
        (WHOLE, None, "k is None: give a whole number"),
        (REAL, "3", "x is '3': give a number from -2 to 5."),
        (REAL, float("nan"), "x is nan: give a number"),
        (CHOICE, "suns", "data is 'suns': choose one of moons, k-means."),
        (CHOICE, [], "data is []: choose one of"),
        (DECADE, 0.2, "v is 0.2: choose one of 1.0, 0.1, 1e-06, 0.0."),
        (SEVERAL, (), "types is (): give a tuple of one or more of full, tied, diag, in that order."),
        (SEVERAL, ("tied", "full"), "types is ('tied', 'full'): give a tuple"),
        (SEVERAL, ("full", "full"), "give a tuple of one or more"),
        (SEVERAL, ("full", "round"), "give a tuple of one or more"),
        (SEVERAL, ["full"], "give a tuple of one or more"),
        (SEVERAL, "full", "give a tuple of one or more"),
        (SPAN, Ends(2, 31), "give Ends of two whole numbers, the smaller first, from 1 to 30."),
        (SPAN, Ends(0, 3), "ks is Ends(low=0, high=3): give Ends"),
        (SPAN, Ends(3, 2), "the smaller first"),
        (SPAN, Ends(1.0, 2), "of two whole numbers"),
        (SPAN, Ends(True, 2), "of two whole numbers"),
        (SPAN, (1, 6), "ks is (1, 6): give Ends"),
        (LIST, (), "means is (): give a tuple of 1 to 3 numbers."),
        (LIST, [1.0], "means is [1.0]: give a tuple"),
        (LIST, "1,2", "means is '1,2': give a tuple"),
        (LIST, (1.0, 2e6), "give numbers from -1 to 1e+06, with nine decimals."),
        (LIST, (float("nan"),), "give numbers from -1"),
    ],
)
def test_what_is_not_valid_is_refused_with_advice(row, bad, advice):
    with pytest.raises(ValueError, match=re.escape(advice)):
        row.check(bad)


def test_what_may_be_left_out_may_be_none():
    REAL.check(None)
    assert not REAL.says("1", None)


@pytest.mark.parametrize(
    ("row", "text", "value", "says"),
    [
        (WHOLE, "3.0", 3, True),
        (WHOLE, "3.1", 3, False),
        (CHOICE, "Moons", "moons", False),
        (DECADE, "1e-1", 0.1, True),
        (SEVERAL, "full,tied", ("full", "tied"), True),
        (SEVERAL, "tied full", ("full", "tied"), True),
        (SEVERAL, "full,full", ("full",), False),
        (SEVERAL, "Full", ("full",), False),
        (SEVERAL, "full", ("full", "tied"), False),
        (SPAN, "2-9", Ends(2, 9), True),
        (SPAN, "2 – 9.0", Ends(2, 9), True),
        (SPAN, "9-2", Ends(2, 9), False),
        (SPAN, "7", Ends(7, 7), True),
        (SPAN, "0-9", Ends(1, 9), False),
        (SPAN, "nonsense", Ends(1, 6), False),
        (LIST, "1 ; 2.0", (1.0, 2.0), True),
        (LIST, "1,2,3", (1.0, 2.0), False),
        (LIST, "1,x", (1.0, 2.0), False),
        (LIST, "", (), True),
    ],
)
def test_a_text_says_a_value_in_one_way_or_another(row, text, value, says):
    assert row.says(text, value) == says


# --- Tables -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Small(Settings):
    """A table for the tests."""

    k: int = Experiment.setting("k", default=2, high=30)
    where: tuple = setting(replace(LIST, default=(1.0,)))


def test_a_row_is_taken_over_with_a_default_and_a_range_of_its_own():
    row, original = Small.table()["k"], Experiment.table()["k"]
    assert (row.default, row.high, Small().k) == (2, 30, 2)
    assert row == replace(original, default=2, high=30)
    assert Experiment().k == 3


def test_a_table_names_its_rows():
    assert [row.name for row in Small.table().values()] == ["k", "where"]
    with pytest.raises(ValueError, match="where is"):
        Small(where=())


def test_settings_are_shown_in_widgets_and_entered_there():
    settings = Small(k=5, where=(1.0, 2.5))
    assert settings.shown() == {"k": 5, "where": "1, 2.5"}
    assert Small.entered(settings.shown()) == settings


@of_every_table
@given(data=st.data())
def test_settings_of_every_page_survive_their_widgets_and_the_reduction_to_all_parts(cls, data):
    settings, _ = cls.from_query(data.draw(queries(cls.table())))
    assert cls.entered(settings.shown()) == settings
    reduced = settings.reduced_to("data", "run")
    assert reduced.reduced_to("data", "run") == reduced
    assert settings.reduced_to("data", "run", "view").reduced_to("data", "run") == reduced
    for name, row in cls.table().items():
        if row.part == "view":
            assert getattr(reduced, name) == row.default


def test_settings_of_the_same_name_are_of_the_same_kind_on_every_page():
    for cls in TABLES:
        for name, row in cls.table().items():
            for other in TABLES:
                if name in other.table():
                    theirs = other.table()[name]
                    assert (row.kind, row.part, type(row)) == (theirs.kind, theirs.part, type(theirs))


# --- Addresses --------------------------------------------------------------------------------------------------------


@of_every_table
@given(data=st.data())
def test_no_address_raises_and_the_corrected_one_needs_no_correction(cls, data):
    query = data.draw(queries(cls.table()))
    settings, corrections = cls.from_query(query)
    assert cls(**asdict(settings)) == settings
    unknown = [name for name in query if name not in cls.table()]
    assert [correction.name for correction in corrections if correction.why == Unknown()] == unknown
    assert {correction.name for correction in corrections} <= query.keys() | {"row"}
    address = settings.to_query()
    assert cls.from_query(address) == (settings, [])
    assert all(type(text) is str for text in address.values())


@of_every_table
def test_every_hostile_text_in_every_setting_at_once(cls):
    for text in HOSTILE:
        settings, _ = cls.from_query(dict.fromkeys(cls.table(), text))
        assert cls.from_query(settings.to_query()) == (settings, [])


@of_every_table
def test_every_choice_and_bound_survives_the_way_to_an_address_and_back(cls):
    for name, row in cls.table().items():
        if name != "row":  # the rows there are depend on the points
            for value in extremes(row):
                settings = replace(cls(), **{name: value})
                assert cls.from_query(settings.to_query()) == (settings, [])


def extremes(row):
    if isinstance(row, Several):
        return [tuple(row.choices), *((name,) for name in row.choices)]
    if isinstance(row, Span):
        return [Ends(row.low, row.low), Ends(row.low, row.high), Ends(row.high, row.high)]
    return getattr(row, "choices", None) or (
        [] if isinstance(row, Dots | NumberList | Places | TextList | Word) else [row.low, row.high]
    )


def test_what_stands_in_the_widgets_of_several_and_of_a_span():
    assert (SEVERAL.shown(("full", "diag")), SPAN.shown(Ends(2, 9))) == (["full", "diag"], (2, 9))
    assert SEVERAL.entered(["diag", "full"]) == (
        "full",
        "diag",
    )  # in the order of the choices, not of the clicks
    assert SEVERAL.entered([]) == SEVERAL.default
    assert SPAN.entered((2, 9)) == Ends(2, 9)


def test_the_last_of_repeated_values_counts():
    assert Experiment.from_query({"k": ["2", "7"]}) == (Experiment(k=7), [])
    assert Experiment.from_query({"k": []})[0] == Experiment()
    assert Experiment.from_query({"k": 7}) == (Experiment(k=7), [])


# --- Corrections, and what is said of them ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("correction", "sentence"),
    [
        (Correction("k", "99", 16), 'k was "99"; now 16.'),
        (Correction("floor", "3e-5", 1e-5), 'floor was "3e-5"; now 10⁻⁵.'),
        (Correction("init", "kmeans", "k-means"), 'init was "kmeans"; now k-means.'),
        (Correction("noise", "nan", None), 'noise was "nan"; now the default.'),
        (Correction("means", "abc", ()), 'means was "abc"; now the default.'),
        (Correction("points", "x", (1.0, 2.5)), 'points was "x"; now 1, 2.5.'),
        (Correction("points", "x", (1.0,) * 30), f'points was "x"; now {"1, " * 13}1....'),
        (Correction("ks", "0-99", Ends(1, 30)), 'ks was "0-99"; now 1-30.'),
        (Correction("types", "dig", ("diag", "full")), 'types was "dig"; now diag, full.'),
        (Correction("n", "9" * 50, 20000), f'n was "{"9" * 40}..."; now 20,000.'),
        (Correction("nonsense", "1", why=Unknown()), 'There is no setting "nonsense"; it was ignored.'),
        (Correction("_a_", "1", why=Unknown()), 'There is no setting "?a?"; it was ignored.'),
        (
            Correction("it", "99", 16, RunEnds(16)),
            "The run ends at iteration 16, so the iteration shown, it, is now 16.",
        ),
        (Correction("row", "44", 20, ThereAre(20, "points")), "There are 20 points, so row is now 20."),
        (
            Correction("variances", "5", (5.0, 5.0), ThereAre(2, "means")),
            "There are 2 means, so variances are now 5, 5.",
        ),
        (
            Correction("variances", "0", (1e-6,), Bounds(1e-6, 1e12, outside=True)),
            "Variances must be positive, at least 10⁻⁶; they are now 10⁻⁶.",
        ),
        (
            Correction("variances", "1e13", (1e12,), Bounds(1e-6, 1e12, outside=True, above=True)),
            "Variances must be positive, at least 10⁻⁶ and at most 1,000,000,000,000; they are now "
            "1,000,000,000,000.",
        ),
        (
            Correction("points", "1e9", (1e6,), Bounds(-1e6, 1e6, outside=True, above=True, most=2)),
            "Points must each be from −1,000,000 to 1,000,000, and may be 2 at most, so the rest was left out; "
            "they are now 1,000,000.",
        ),
        (
            Correction("means", "1 2 3", (1.0, 2.0), Bounds(-1e6, 1e6, most=2)),
            "Means may be 2 at most, so the rest was left out; they are now 1, 2.",
        ),
    ],
)
def test_a_correction_is_told_in_a_sentence(correction, sentence):
    assert corrected(correction) == sentence


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0 1", None),
        ("abc", None),
        ("", None),
        ("-2", Bounds(-1.0, 1e6, outside=True)),
        ("2e6", Bounds(-1.0, 1e6, outside=True, above=True)),
        ("1 2 3 4", Bounds(-1.0, 1e6, most=3)),
        ("1 2 3 -9", Bounds(-1.0, 1e6, outside=True, most=3)),
        ("1 2 3 four", Bounds(-1.0, 1e6, most=3)),
    ],
)
def test_a_list_oversteps_its_bounds(text, why):
    assert LIST.slip(text) == why


@given(queries(Experiment.table()))
def test_an_address_has_a_correction_for_each_changed_value_and_none_for_the_others(query):
    settings, corrections = Experiment.from_query(query)
    found = {correction.name: correction for correction in corrections}
    assert len(found) == len(corrections)
    for name, row in Experiment.table().items():
        given = query.get(name)
        text = str(given[-1] if isinstance(given, list) and given else given)
        read = row.read(text)
        fewer = name == "k" and read is not None and read > settings.k
        elsewhere = name in OF_OWN and not settings.is_own  # said of another dataset
        changed = read is None or not row.says(text, read) or fewer
        assert (name in found) == (name in query and changed and not elsewhere)
        if name in found:
            now = row.default if read is None else read
            if name == "k" and now > settings.k:  # there are fewer points
                now, why = settings.k, ThereAre(settings.n, "points") if row.says(text, read) else None
                assert found[name] == Correction(name, text, now, why)
            else:
                assert found[name] == Correction(name, text, now)
            assert getattr(settings, name) == now or name == "noise"  # which a fixed dataset puts aside


@of_every_table
@given(data=st.data())
def test_corrections_are_told_in_plain_words_whatever_the_address_holds(cls, data):
    _, corrections = cls.from_query(data.draw(queries(cls.table())))
    for correction in corrections:
        assert_plain(corrected(correction))


@given(st.text(), texts())
@example("k", "<img src=x onerror=alert(1)>")
@example("k", "9" * 100_000)
@example("x" * 100_000, "")
@example("k", "www.example.com")
@example("__init__", "1")
@example("k", "![](//evil)")
def test_no_name_and_no_value_does_harm(name, text):
    for correction in Experiment.from_query({name: text})[1]:
        sentence = corrected(correction)
        assert_plain(sentence)
        assert len(sentence) < 100


def assert_plain(sentence):
    assert not set(sentence) & set("<>[]()`$*~:&@#|/\\\n")  # no tag, link, code, formula, emphasis, entity
    assert not re.search(r"(?<![^\W_])_|_(?![^\W_])", sentence)  # nor emphasis by underscores
    assert "www." not in sentence.lower()  # nor a link by its look
    assert sentence.isprintable()
