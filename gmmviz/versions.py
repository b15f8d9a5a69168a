"""Versions of the address: which defaults hold for what an address does not name.

An address holds what differs from the defaults, so it would mean something else once those change. Therefore it carries
the version of the defaults it was written with, and one of an earlier version is read by those. One that carries none,
such as one typed by hand, is read by today's.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from gmmviz.corrections import Correction
from gmmviz.settings import Settings, text_of

NAME = "version"
"""Under which an address carries it. No setting has this name."""


class Change(NamedTuple):
    """A default that a version changed: every page that has it from `gmmviz.experiment` follows."""

    setting: str
    before: object
    after: object


CHANGES: tuple[tuple[Change, ...], ...] = (
    (Change("data_seed", 170, 57),),  # 2: blobs on which not every start ends alike
)
"""What each version from the second on changed; a new one is added at the end."""


def current() -> int:
    """Return the version of today's defaults."""
    return len(CHANGES) + 1


def stamped(query: Mapping[str, str]) -> dict[str, str]:
    """Return a query that carries its version, today's if it has none of its own; an empty one stays empty, and always
    means today's defaults.

    >>> stamped({"k": "5"}), stamped({"version": "1", "k": "5"}), stamped({})
    ({'k': '5', 'version': '2'}, {'version': '1', 'k': '5'}, {})
    """
    return dict(query) if NAME in query or not query else {**query, NAME: str(current())}


def opened(query: Mapping, defaults: Settings) -> tuple[dict, Settings, list[Correction]]:
    """Return a query without its version, the defaults by which it is to be read, and what was wrong with it.

    Parameters
    ----------
    query : mapping of str to str
        As an address holds it.
    defaults : Settings
        Today's, of its page.
    """
    rest = {name: text for name, text in query.items() if name != NAME}
    if NAME not in query:
        return rest, defaults, []
    text = text_of(query[NAME])
    known = {str(version): version for version in range(1, current() + 1)}
    if text not in known:
        return rest, defaults, [Correction(NAME, text, current())]
    return rest, _as_of(known[text], defaults), []


def _as_of(version: int, defaults: Settings) -> Settings:
    """Return a page's defaults as they were; those that it has chosen for itself are no change's to undo."""
    for change in reversed([change for changes in CHANGES[version - 1 :] for change in changes]):
        if getattr(defaults, change.setting, None) == change.after:
            defaults = replace(defaults, **{change.setting: change.before})
    return defaults
