"""Words that explain themselves: in a page's prose a term of the glossary is explained on hover, on focus, by tap.

Markup and style alone do that (`look.css`); `player/modules/terms.js` lets Escape close what is shown.
"""

import re

import streamlit as st

from gmmviz.glossary import Term, anchor, replace_marks
from gmmviz.glossary import plain as without_marks


def markdown(text: str, **options) -> None:
    """Draw a text whose marked terms explain themselves. Mark a term once a page: its explanation has an id."""
    st.markdown(explained(text), unsafe_allow_html=True, **options)


def caption(text: str, **options) -> None:
    """Draw a caption whose marked terms explain themselves."""
    st.caption(explained(text), unsafe_allow_html=True, **options)


def explained(text: str) -> str:
    """Return a text, as Markdown with HTML in it, whose marked terms explain themselves; see `gmmviz.glossary`.

    >>> explained("All [[weights]] are 1.").partition("</dfn>")[0]
    'All <dfn class="term" tabindex="0" aria-describedby="term-weights">weights'
    """
    return replace_marks(text, _explained)


def _explained(shown: str, term: Term, more: str) -> str:
    id = f"term-{anchor(shown)}"
    said = " ".join(filter(None, (without_marks(term.says), more)))
    typeset = f'<span class="formula">${term.formula}$</span>' if term.formula else ""
    return (
        f'<dfn class="term" tabindex="0" aria-describedby="{id}">{shown}</dfn>'
        f'<span class="explanation" role="tooltip" id="{id}">{said}{typeset}</span>'
    )


_WORD = re.compile(
    '<dfn class="term" [^>]*>(.*?)</dfn>'
    '<span class="explanation" [^>]*>[^<]*(?:<span class="formula">[^<]*</span>)?</span>'
)


def plain(text: str) -> str:
    """Return what `explained` made of a text as a reader sees it before any explanation is shown.

    >>> plain(explained("All [[weights]], all [[seeds]]."))
    'All weights, all seeds.'
    """
    return _WORD.sub(r"\1", text)
