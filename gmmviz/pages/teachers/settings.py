"""For teachers: what can be chosen on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self

from gmmviz.corrections import Correction, NoGroup
from gmmviz.frame import GROUPS, MOST_HIDDEN, MOST_STEPS, words
from gmmviz.pages import PAGES
from gmmviz.settings import Choice, LineList, Settings, TextList, setting, text_of

TITLES = {name: group.title for name, group in GROUPS.items() if name != "truth"}
"""What can be hidden by one word; whether the truth is has a choice of its own."""


FILMS = [page for page in PAGES if page.film]


@cache
def hideable() -> dict[str, str]:
    """Return what can be hidden, groups first: each word's title."""
    labels = {name: row.label for page in reversed(FILMS) for name, row in page.opening.table().items()}
    own = {name: labels[name] for name in labels if name in words(FILMS) and name not in GROUPS}
    return TITLES | own


@dataclass(frozen=True)
class Teachers(Settings):
    """The settings of the page: what the link that it builds opens, hides, and goes on to.

    >>> Teachers(steps=("?k=2", "?k=16"), hidden=("data",)).to_query()
    {'steps': '?k=2 ?k=16', 'hidden': 'data'}
    """

    steps: tuple[str, ...] = setting(
        LineList(
            (),
            "The links, one on each line",
            "Copy them from the address bar of the app, with or without its host. The first one opens; at the end of "
            "its film a presenter's next key goes on to the second, and so on. Empty: the explorer as it opens.",
            most=MOST_STEPS,
            separator=" ",
        )
    )
    of: str = setting(
        Choice(
            "explorer",
            "A page as you left it",
            "The button beside it adds a link to this page, with all that you last chose there.",
            choices={page.name: page.title for page in FILMS},
            part="view",
        )
    )
    hidden: tuple[str, ...] = setting(
        TextList(
            (),
            "What the class does not see",
            "Controls that are hidden keep the values that the link gives them. Groups come first, then single "
            "settings.",
            most=MOST_HIDDEN,
        )
    )
    truth: str = setting(
        Choice(
            "shown",
            "The true groups",
            "Whether the class may colour the points by the groups that they were drawn from, and compare.",
            choices={"shown": "May be revealed", "hidden": "Stay hidden"},
        )
    )
    mode: str = setting(
        Choice(
            "page",
            "It opens as",
            "A page, with its controls and texts; or with the film alone, on the whole screen, for a lecture hall.",
            choices={"page": "A page", "present": "Presentation mode"},
        )
    )

    def __post_init__(self):
        super().__post_init__()
        known = dict.fromkeys(name for name in self.hidden if name in hideable())
        object.__setattr__(self, "hidden", tuple(known))

    @classmethod
    def from_query(cls, query: Mapping, defaults: Self | None = None) -> tuple[Self, list[Correction]]:
        """Return the settings an address asks for, and a correction for each value that had to be changed."""
        settings, corrections = super().from_query(query, defaults)
        asked = settings.table()["hidden"].read(text_of(query.get("hidden", "")))
        strange = [text for text in dict.fromkeys(asked) if text not in hideable()]
        return settings, corrections + [Correction("hidden", text, why=NoGroup()) for text in strange]
