"""Words that explain themselves: their markup, and the text without it."""

import re

import pytest

from gmmviz.glossary import TERMS, says
from gmmviz.ui.terms import explained, plain

PARTS = re.compile(
    r'<dfn class="term" tabindex="0" aria-describedby="(?P<told>[^"]+)">(?P<shown>.*?)</dfn>'
    r'<span class="explanation" role="tooltip" id="(?P<id>[^"]+)">(?P<says>[^<]*)'
    r'(?:<span class="formula">\$(?P<formula>[^<]*)\$</span>)?</span>'
)


@pytest.mark.parametrize("name", TERMS)
def test_a_marked_term_can_be_reached_by_tab_and_is_described_by_its_sentences(name):
    (found,) = PARTS.finditer(explained(f"Before [[{name}]] after."))
    assert found["shown"] == name
    assert found["told"] == found["id"]
    assert found["says"] == says(name)
    assert (found["formula"] or "") == TERMS[name].formula


def test_words_of_ones_own_and_more_to_say():
    text = explained("**[[BIC 3,995.8|BIC|Here it is 3,995.8.]]** and [[BIC]]")
    first, second = PARTS.finditer(text)
    assert first["shown"] == "BIC 3,995.8"
    assert first["says"] == f"{says('BIC')} Here it is 3,995.8."
    assert second["says"] == says("BIC")
    assert first["id"] != second["id"]  # other words, so a page may hold both


@pytest.mark.parametrize("name", TERMS)
def test_without_its_explanations_a_text_reads_as_before(name):
    assert plain(explained(f"Before *[[{name}]]*, [[this|{name}]] and <b>after</b>.")) == (
        f"Before *{name}*, this and <b>after</b>."
    )


def test_what_marks_nothing_stays():
    assert explained("A [link](to) and $x_{[1]}$.") == "A [link](to) and $x_{[1]}$."
