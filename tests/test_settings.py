"""The settings of every page: no address raises, and every valid one survives the way there and back."""

import pkgutil
from dataclasses import asdict, replace
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gmmviz.lessons
from gmmviz.experiment import Experiment, Settings

for found in pkgutil.iter_modules(gmmviz.lessons.__path__, "gmmviz.lessons."):
    import_module(found.name)


def _all_below(cls):
    return [cls, *(lower for below in cls.__subclasses__() for lower in _all_below(below))]


KINDS = _all_below(Settings)[1:]

hostile = st.sampled_from(
    [
        "",
        "nan",
        "inf",
        "-1e999",
        "<b>",
        "1,2,nan",
        ",",
        "1,,2",
        "1 2 3",
        "1e300,-1e300,0",
        "0,0,0",
        "," * 5000,
    ]
)
texts = hostile | st.text() | st.floats().map(str) | st.lists(st.floats().map(str)).map(",".join)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(st.data())
def test_no_address_raises_and_the_corrected_one_needs_no_correction(kind, data):
    names = st.sampled_from([*kind.table(), "nonsense"])
    query = data.draw(st.dictionaries(names, texts))
    settings, notices = kind.from_query(query)
    assert kind(**asdict(settings)) == settings
    assert ("nonsense" in query) <= len(notices)
    address = settings.to_query()
    assert kind.from_query(address) == (settings, [])
    assert all(type(text) is str for text in address.values())
    for notice in notices:
        assert not set(notice) & set("<>[]()`$*~:&@#|/\\\n")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_choice_and_bound_survives_the_way_to_an_address_and_back(kind):
    for name, row in kind.table().items():
        if row.kind is not tuple and name != "row":  # the rows there are depend on the points
            for value in row.choices or (row.low, row.high):
                settings = replace(kind(), **{name: value})
                assert kind.from_query(settings.to_query()) == (settings, [])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_row_says_all_there_is_to_a_setting(kind):
    for row in kind.table().values():
        assert row.label
        assert row.help.endswith((".", "?")), row.name
        assert row.part in ("data", "run", "view")
        assert (row.choices is None) == (row.low is not None and row.high is not None), row.name


def test_settings_of_the_same_name_are_of_the_same_kind_on_every_page():
    explorer = Experiment.table()
    for kind in KINDS:
        for name, row in kind.table().items():
            if name in explorer:
                assert (row.kind, row.part) == (explorer[name].kind, explorer[name].part), (kind, name)
