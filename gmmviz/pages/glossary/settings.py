"""Glossary: what can be chosen on the page, the term that stands at its top."""

from __future__ import annotations

from dataclasses import dataclass

from gmmviz.glossary import TERMS, Term
from gmmviz.settings import Choice, Settings, setting

ALL = "all"
IN_ORDER = sorted(TERMS.values(), key=lambda term: term.name.lower())
"""All terms, by the alphabet."""


@dataclass(frozen=True)
class Glossary(Settings):
    """The settings of the page.

    >>> Glossary(term="e-step").to_query(), Glossary(term="e-step").chosen.name
    ({'term': 'e-step'}, 'E-step')
    """

    term: str = setting(
        Choice(
            ALL,
            "Look up",
            "Type a part of the word. The term comes to the top of the page, and its address can be copied.",
            choices={ALL: "All terms"} | {term.anchor: term.title for term in IN_ORDER},
            part="view",
        )
    )

    @property
    def chosen(self) -> Term | None:
        """The term that is looked up; None for all."""
        return next((term for term in IN_ORDER if term.anchor == self.term), None)
