"""Every page explains the terms of its prose: by the words themselves, or by the help of the widget of that name."""

import re

import numpy as np
import pytest

from gmmviz.glossary import TERMS, plain
from gmmviz.pages import PAGES, script
from gmmviz.pages.choose_k.page import study_of
from gmmviz.pages.choose_k.settings import ChooseK
from gmmviz.ui.terms import plain as read_as
from tests.session import Session

VISITS = {
    "explorer": [{"n": "60"}, {"colour": "truth", "n": "60"}, {"colour": "membership", "n": "60"}],
    "compare": [{"n": "60"}, {"vary": "n"}],
    "one-dimension": [{}],
    "k-means": [{"n": "60"}, {"n": "60", "colour": "truth"}],
    "density": [{"n": "60"}],
    "restarts": [{"n": "60", "starts": "10", "dataset": "blobs"}],
    "choose-k": [{"n": "60", "ks": "1-3", "restarts": "1"}],
    "collapse": [{}],
}
EVERYDAY = {
    "mean",
    "means",
    "full",
    "sound",
    "start",
    "starts",
    "noise",
    "truth",
    "cluster",
    "clusters",
    "tied",
}
"""Forms that are English words as well: whether they are terms, a reader of the page has to say."""
MOST = {"choose-k": 7, "restarts": 5, "explorer": 4}
"""Terms before the film, where more than three: results above it, or the agreement with the truth."""
ID = re.compile(r'role="tooltip" id="([^"]+)"')
UNREAD = re.compile(r"`[^`]*`|\$+[^$]*\$+")
"""Code and formulas."""


@pytest.fixture
def opened(monkeypatch, request):
    """A page with all its expanders opened."""
    page, query = request.param
    monkeypatch.setattr(
        "gmmviz.pages.density.numbers.held_out_steps",
        lambda X, tried, *_, folds, **__: iter([-np.ones((len(tried), folds)) * tried[:, None]]),
    )
    monkeypatch.setattr("gmmviz.ui.work.SECOND", 60)
    if page == "choose-k":
        settings, _ = ChooseK.from_query(query)
        study_of(settings).advance(settings.cells)
    session = Session(query, script(page))
    words = {"numbers", "labels", "tutorials"}
    if closed := [label for label in session.expanders if words & set(label.split())]:
        session.open(*closed)
    assert session.errors == []
    return page, session


def of_every_visit(test):
    visits = [(page, query) for page, queries in VISITS.items() for query in queries]
    return pytest.mark.parametrize("opened", visits, ids=str, indirect=True)(test)


def test_every_page_with_a_film_is_visited():
    assert set(VISITS) == {page.name for page in PAGES if page.film}


def prose_of(session):
    """What the page says beside its widgets, as it is read before any explanation is shown."""
    found = [one.value for one in session.at.main if one.type in ("markdown", "caption", "warning", "info")]
    return UNREAD.sub("", read_as("\n".join(found)))


FORMS = [
    (form, term.name) for term in TERMS.values() for form in (term.name, *term.forms) if form not in EVERYDAY
]
FORMS.sort(key=lambda pair: -len(pair[0]))  # so that "covariance type" is not read as "covariance"


def terms_of(read):
    """The terms of a page's prose, but for everyday words."""
    found = set()
    for form, name in FORMS:
        case = 0 if len(form) < 4 else re.IGNORECASE
        read, n = re.subn(rf"(?<![\w-]){re.escape(form)}(?![\w-])", "", read, flags=case)
        found |= {name} if n else set()
    return found


def explained_by(session):
    """The terms that a page explains."""
    helps = " ".join(one.help or "" for one in (*session.widgets.values(), *session.at.button_group))
    found = {name for name, term in TERMS.items() if plain(term.says) in session.marked + helps}
    return found | ({"full", "tied", "diagonal", "spherical"} if "covariance type" in found else set())


@of_every_visit
def test_every_term_of_a_page_is_explained_on_it_once(opened):
    _, session = opened
    assert terms_of(prose_of(session)) - explained_by(session) == set()
    ids = ID.findall(session.marked)
    assert len(ids) == len(set(ids))
    assert "[[" not in session.words


@of_every_visit
def test_before_the_film_few_presses_of_tab_are_spent_on_terms(opened):
    page, session = opened
    before = []
    for element in session.at.main:
        if element.type == "bidi_component":
            break
        before += ID.findall(str(getattr(element, "value", "")))
    assert len(before) <= MOST.get(page, 3)
