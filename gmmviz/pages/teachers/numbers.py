"""For teachers: the link that comes of what was chosen, and what it does in words."""

from __future__ import annotations

import html
from collections.abc import Sequence

from gmmviz.frame import GROUPS, Frame, Page, Route, Step, parted, read_steps, written
from gmmviz.links import link_of
from gmmviz.pages.teachers.settings import FILMS, Teachers, hideable
from gmmviz.titles import in_brief


def sequel(lines: Sequence[str], pages: Sequence[Page], home: str = "") -> Route:
    """Return what the lines mean; without any, the page that the app opens with.

    Parameters
    ----------
    lines : sequence of str
        Addresses, with or without a host.
    pages : sequence of Page
        The app's.
    home : str
        The app's own address. Of an address of another host nothing is followed.
    """
    route = read_steps([local(line, home) for line in lines], pages)
    return route._replace(steps=route.steps or [Step(pages[0], {})])


def local(address: str, home: str) -> str:
    """Return an address without the app's own host and folder; another's as it is.

    >>> local("http://localhost:8501/density?k=2", "http://localhost:8501/"), local("?k=2", "http://localhost:8501/")
    ('/density?k=2', '?k=2')
    """
    return "/" + address[len(home) :] if home and address.startswith(home) else address


def link(settings: Teachers, steps: Sequence[Step], home: str) -> str:
    """Return the link, which begins with the app's own address."""
    first, *others = steps
    frame = Frame(
        present=int(settings.mode == "present"),
        hide=hidden(settings),
        next=tuple(map(written, others)),
    )
    name = "" if first.page.default else first.page.name
    return link_of(home, name, {**first.query, **frame.to_query()})


def hidden(settings: Teachers) -> tuple[str, ...]:
    """Return the words that hide what is to be hidden; a setting that a group hides on every page is not named again.

    >>> hidden(Teachers(hidden=("mixture", "k", "n"), truth="hidden"))
    ('mixture', 'n', 'truth')
    """
    groups = Frame(hide=tuple(name for name in settings.hidden if name in GROUPS))
    tables = [page.opening.table() for page in FILMS]
    left = set().union(*(table.keys() - groups.hidden(table) for table in tables))
    named = (name for name in settings.hidden if name in GROUPS or name in left)
    return (*named, *(("truth",) if settings.truth == "hidden" else ()))


def iframe(link: str) -> str:
    """Return a frame for a page of a course, which shows the app without its header."""
    address = f"{link}{'&' if '?' in link else '?'}embed=true"
    return f'<iframe src="{html.escape(address)}" title="gmmviz" width="100%" height="720" allowfullscreen></iframe>'


# --- In words ---------------------------------------------------------------------------------------------------------


def in_words(step: Step) -> str:
    """Return what a link opens: its page, and what is special about the setting."""
    opening = step.page.opening
    settings, _ = opening.from_query(parted(step.query)[1], opening)
    return f"{step.page.title}: {in_brief(settings, opening) or 'as it opens'}"


def hidden_in_words(settings: Teachers) -> str:
    """Return what the class does not see."""
    titles = [hideable().get(name) or GROUPS[name].title for name in hidden(settings)]
    return "; ".join(title[:1].lower() + title[1:] if title[1:2].islower() else title for title in titles)
