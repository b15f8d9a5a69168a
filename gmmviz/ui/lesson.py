"""What every lesson page has: a question at its top, and things to try, as links, at its end."""

import streamlit as st

from gmmviz.experiment import Settings


def opening(title: str, question: str) -> None:
    """Draw the page's title and the question it answers."""
    st.markdown(f"#### {title}\n{question}")


def things_to_try(page: str, tries: list[tuple[str, Settings]]) -> None:
    """Draw links that set a page: each a sentence and the settings it opens.

    page: the script of the page to open, such as "pages/density.py".
    """
    st.markdown("##### Things to try")
    for sentence, settings in tries:
        st.page_link(page, label=sentence, icon=":material/arrow_forward:", query_params=settings.to_query())


def notes(page: str, errors: list[tuple[str, str, Settings]]) -> None:
    """Draw notes on where well-known tutorials err: each a text, and a link, with its label, to see it happen."""
    with st.expander("Where well-known tutorials err"):
        for text, label, settings in errors:
            st.markdown(text)
            st.page_link(page, label=label, icon=":material/arrow_forward:", query_params=settings.to_query())
