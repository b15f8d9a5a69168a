"""Titles: every setting in words of its own, so that tabs can be told apart."""

import pytest
from hypothesis import given

from gmmviz.pages import PAGES
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.titles import APP, MOST, in_brief, title
from tests.strategies import queries
from tests.test_settings import TABLES

OPENINGS = {type(page.opening): page for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_as_it_opens_is_called_by_its_name(page):
    assert title(page.title, page.opening, page.opening, page.default) == f"{page.title} · {APP}"


TOLD_OTHERWISE = {"it", "placed", "dots", "file", "columns", "plane"}


def test_the_settings_come_first():
    moons = Explorer(dataset="moons", k=2)
    assert title("Explorer", moons, Explorer(), plain=True) == "Moons, K = 2, full · gmmviz"
    assert title("Density", moons, Explorer()) == "Moons, K = 2, full · Density · gmmviz"
    assert title("Glossary") == "Glossary · gmmviz"


@pytest.mark.parametrize("name", [name for name in Explorer.table() if name not in TOLD_OTHERWISE])
def test_whatever_is_different_another_title(name):
    row = Explorer.table()[name]
    others = [value for value in getattr(row, "choices", None) or (row.low, row.high) if value != row.default]
    titles = {in_brief(Explorer(**{name: value}), Explorer()) for value in others}
    own = {value for value in others if Explorer(**{name: value}) != Explorer()}
    assert len(titles - {""}) == len(own)


def test_placed_means_are_named_without_their_numbers():
    assert in_brief(Explorer(placed=((1.25, 2.0),)), Explorer()) == "Blobs, K = 3, full, placed means"


def test_of_drawn_points_a_title_says_how_many():
    brief = in_brief(Explorer(dataset="drawn", dots=((1, 2),) * 7), Explorer())
    assert brief == "Drawn by hand, K = 3, full, N = 7"


def test_the_iteration_shown_is_no_title():
    assert in_brief(Explorer(it=5), Explorer()) == ""


@pytest.mark.parametrize("cls", TABLES, ids=lambda cls: cls.__name__)
def test_any_setting_has_a_title_of_a_few_words(cls):
    @given(queries(cls.table()))
    def holds(query):
        settings, _ = cls.from_query(query)
        brief = in_brief(settings, cls())
        assert bool(brief) == bool(settings.to_query().keys() - {"it"})
        assert len(brief) < MOST * 60
        assert "\n" not in brief

    holds()
