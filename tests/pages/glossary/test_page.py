"""The glossary's page: every term with its sentences, its formula and its link, and one that is looked up."""

import re

import pytest

from gmmviz.glossary import TERMS, THEMES, says
from gmmviz.pages import script
from gmmviz.pages.glossary.settings import IN_ORDER
from tests.session import Session

PAGE = script("glossary")
LINK = re.compile(r"\[([^\]]+)\]\(#([a-z0-9-]+)\)")


@pytest.fixture(scope="module")
def opened():
    return Session(page=PAGE)


def entries(session):
    """The terms' headings, from the top."""
    looked_up = [heading for heading in session.at.header if heading.value not in THEMES]
    return [heading.value for heading in (*looked_up, *session.at.subheader)]


def test_every_term_has_its_entry_in_its_part(opened):
    assert [heading.value for heading in opened.at.header] == list(THEMES)
    assert entries(opened) == [
        term.title for theme in THEMES for term in TERMS.values() if term.theme == theme
    ]
    unlinked = LINK.sub(r"\1", opened.words)
    for term in TERMS.values():
        assert says(term.name) in unlinked
        assert term.formula in opened.words


def test_every_link_within_the_page_leads_to_an_entry_and_every_entry_can_be_reached(opened):
    anchors = {heading.proto.anchor for heading in opened.at.subheader}
    assert anchors == {term.anchor for term in TERMS.values()}
    assert {anchor for _, anchor in LINK.findall(opened.words)} == anchors
    assert [words for words, _ in LINK.findall(opened.at.markdown[1].value)] == [
        term.name for term in IN_ORDER
    ]


def test_every_entry_links_to_where_its_term_is_seen(opened):
    links = [(link.proto.label, link.proto.page or "explorer") for link in opened.at.get("page_link")]
    in_parts = [term for theme in THEMES for term in TERMS.values() if term.theme == theme]
    assert links == [(term.seen.label, term.seen.page) for term in in_parts]


def test_a_term_that_is_looked_up_comes_first_and_only_once():
    session = Session({"term": "floor"}, PAGE)
    assert (session.errors, session.notices, session.address) == ([], [], {"term": "floor"})
    assert (
        entries(session)[0] == session.at.header[0].value == "Floor"
    )  # right under the title: of its next order
    assert sorted(entries(session)) == sorted(term.title for term in TERMS.values())
    session.set(term="e-step")
    assert entries(session)[0] == "E-step"
    assert session.address == {"term": "e-step"}
    session.set(term="all")
    assert entries(session)[0] == "Mixture"
    assert session.address == {}


def test_a_term_that_is_spelt_badly_is_found():
    session = Session({"term": "Responsabilities"}, PAGE)
    assert entries(session)[0] == "Responsibility"
    assert session.notices != []
