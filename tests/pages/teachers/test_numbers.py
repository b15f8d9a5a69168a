"""For teachers: a link hides what was chosen, and says each thing once."""

import pytest

from gmmviz.frame import GROUPS, Frame
from gmmviz.pages import PAGES
from gmmviz.pages.teachers.numbers import hidden, hidden_in_words
from gmmviz.pages.teachers.settings import Teachers, hideable

CHOICES = [
    (group, *(name for name in hideable() if name not in GROUPS)) for group in GROUPS if group != "truth"
]


@pytest.mark.parametrize("chosen", [*CHOICES, tuple(hideable())], ids=lambda chosen: chosen[0])
def test_the_shorter_words_hide_the_same_on_every_page(chosen):
    words = hidden(Teachers(hidden=chosen))
    assert set(words) <= set(chosen)
    for page in PAGES:
        table = page.opening.table()
        assert Frame(hide=words).hidden(table) == Frame(hide=chosen).hidden(table), page.name


def test_all_selected_makes_a_link_of_few_words():
    everything = Teachers(hidden=tuple(hideable()))
    assert len(hidden(everything)) < len(hideable()) / 2
    assert "noise" not in hidden_in_words(everything).partition("seed")[2]


def test_a_setting_without_its_group_is_named():
    assert hidden(Teachers(hidden=("k", "n"), truth="hidden")) == ("k", "n", "truth")
