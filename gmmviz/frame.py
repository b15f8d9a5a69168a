"""The frame of an experiment: what an address says of how a page is shown to a class, which is no setting of it.

A table like that of the settings, so that an address is read, corrected and written in one way:
`present=1` fills the screen with the film, `hide=data,truth` leaves out what a class should not see, and
`next=?dataset=moons;k=16+density?k=12` lists what a presenter's next key goes on to at the end of the film.

A step of that list is a link without its host, as the address bar shows it: the page's name, a question mark, its
settings. Between two settings stands a semicolon, or an ampersand written %26; between two steps a plus, which is how
an address writes a blank. Pages are given from outside: objects with a name, a title, a script, and the settings that
the page opens with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, Self
from urllib.parse import parse_qsl, quote

from gmmviz.corrections import Bounds, Correction, NoGroup, NoPage
from gmmviz.settings import LONGEST, Number, Setting, Settings, TextList, setting, text_of

MOST_STEPS, MOST_HIDDEN = 30, 80


class Page(Protocol):
    """What has to be known of a page: its name in an address, its title, icon and script, whether the app opens with
    it, and the settings that it opens with."""

    name: str
    title: str
    icon: str
    script: str
    default: bool
    opening: Settings


class Group(NamedTuple):
    """What can be hidden by one word: its title and, where it is no part of the page, the settings it stands for."""

    title: str
    settings: frozenset[str] = frozenset()
    part: str = ""


GROUPS = {
    "data": Group("The data: dataset, number of points, noise, seed", part="data"),
    "mixture": Group(
        "The mixture: K and covariance type", frozenset({"k", "covariance", "ks", "types", "fixed"})
    ),
    "start": Group(
        "The start, and its seed",
        frozenset(
            {
                "init",
                "init_seed",
                "placed",
                "begin",
                "means",
                "variances",
                "weights",
                "starts",
                "restarts",
                "play",
            }
        ),
    ),
    "stop": Group("Floor and stop rule", frozenset({"floor", "tol", "max_iter", "criterion", "folds"})),
    "view": Group("How it is shown: colours, frames", part="view"),
    "sidebar": Group("The whole column on the left"),
    "summary": Group("The numbers of the result"),
    "truth": Group("The true groups, and what compares with them"),
    "tables": Group("Tables of numbers under the film"),
    "links": Group("Links to other settings, and notes"),
    "take": Group("What can be taken along: the film as a file, pictures, numbers, code and the link"),
}
"""The words that hide more than one control, or what is no control."""
SHOWS = "it"
"""The iteration cannot be hidden: the film itself sets it."""


@dataclass(frozen=True)
class Frame(Settings):
    """The frame's table.

    >>> Frame.from_query({"present": "1", "hide": "data,truth"})[0].to_query()
    {'present': '1', 'hide': 'data,truth'}
    """

    present: int = setting(
        Number(
            0,
            "Presentation mode",
            "1: the film fills the screen, for a projector.",
            low=0,
            high=1,
            part="view",
        )
    )
    hide: tuple[str, ...] = setting(
        TextList(
            (), "Hidden", "What a class does not see, with commas between.", most=MOST_HIDDEN, part="view"
        )
    )
    next: tuple[str, ...] = setting(
        TextList(
            (),
            "Next links",
            "Where the next key goes on at the end of the film, one after another.",
            most=MOST_STEPS,
            separator=" ",
            part="view",
        )
    )

    @classmethod
    def read(cls, query: Mapping, pages: Sequence[Page]) -> tuple[Self, list[Correction]]:
        """Return the frame that an address asks for, and what had to be changed in it.

        Parameters
        ----------
        query : mapping of str to str
            The frame's part of the address.
        pages : sequence of Page
            Those of the app, that it opens with first.
        """
        frame, corrections = cls.from_query({name: query[name] for name in query if name in cls.table()})
        corrections = [
            one for one in corrections if one.name not in ("hide", "next")
        ]  # other spellings are welcome
        hide, strange = _sifted(frame.hide, words(pages)) if frame.hide else ((), [])
        corrections += [Correction("hide", text, why=NoGroup()) for text in strange]
        asked = text_of(query.get("next", ""))
        route = read_steps(asked[:LONGEST].split(), pages)
        corrections += [Correction("next", text, why=NoPage()) for text in route.nowhere]
        steps = tuple(map(written, route.steps))
        if route.cut or len(asked) > LONGEST:
            corrections.append(Correction("next", asked, steps, Bounds(0, 0, most=len(steps))))
        return replace(frame, hide=hide, next=steps), corrections

    def hidden(self, table: Mapping[str, Setting]) -> frozenset[str]:
        """Return which settings of a page's table are hidden, by their names or by a group's."""
        if not self.hide:
            return frozenset()
        groups = [GROUPS[name] for name in self.hide if name in GROUPS]
        return frozenset(
            name
            for name, row in table.items()
            if name != SHOWS
            and (name in self.hide or any(name in g.settings or g.part == row.part for g in groups))
        )

    def link(self, query: Mapping[str, str]) -> dict[str, str]:
        """Return a link's query with what of the frame goes along to where it leads: all but the presentation mode,
        which the browser takes along itself. What the link says of it counts more."""
        own = {name: text for name, text in self.to_query().items() if name != "present"}
        return {**own, **query}


def parted(query: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return an address in two: what belongs to the frame, and the settings.

    >>> parted({"k": "5", "present": "1"})
    ({'present': '1'}, {'k': '5'})
    """
    own = Frame.table()
    framed = {name: text for name, text in query.items() if name in own}
    return framed, {name: text for name, text in query.items() if name not in own}


# --- What can be hidden -----------------------------------------------------------------------------------------------


def words(pages: Iterable[Page]) -> set[str]:
    """Return all words that hide something on some page: groups, and the names of settings."""
    return set(GROUPS).union(*(page.opening.table() for page in pages)) - {SHOWS}


def _sifted(texts: Iterable[str], known: set[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the words that are known, once each, and those that are not."""
    texts = [text.strip().lower() for text in texts]
    found = tuple(dict.fromkeys(text for text in texts if text in known))
    return found, [text for text in dict.fromkeys(texts) if text not in known]


# --- What comes next --------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """A link within the app.

    Attributes
    ----------
    page : Page
        Where it leads.
    query : dict of str to str
        What its address says.
    """

    page: Page
    query: dict[str, str]


def read_step(text: str, pages: Sequence[Page]) -> Step | None:
    """Return the step that a text means; None where it leads out of the app or to no page of it."""
    if "//" in text.partition("?")[0] or "\\" in text or ":" in text.partition("?")[0]:
        return None  # another host, or something else than a page
    path, mark, query = text.partition("?")
    if not mark and "=" in path:
        path, query = "", path
    name = path.strip("/") or pages[0].name
    page = next((page for page in pages if page.name == name), None)
    settings = dict(parse_qsl(query.replace(";", "&"), keep_blank_values=True))
    return None if page is None else Step(page, settings)


class Route(NamedTuple):
    """What a list of texts means.

    Attributes
    ----------
    steps : list of Step
        Links within the app, in order.
    nowhere : list of str
        The texts that are none.
    cut : bool
        Whether there were more, or longer ones, than an address holds.
    """

    steps: list[Step]
    nowhere: list[str]
    cut: bool


def read_steps(texts: Iterable[str], pages: Sequence[Page]) -> Route:
    """Return what texts mean; a step's own next ones come right after it."""
    steps, nowhere, left, room = [], [], list(texts), LONGEST
    while left and len(steps) < MOST_STEPS:
        text = left.pop(0)
        step = read_step(text, pages) if pages else None
        if step is None:
            nowhere.append(text)
            continue
        following = step.query.pop("next", "").split()
        room -= len(written(step)) + 1
        if room < 0:
            return Route(steps, nowhere, True)
        left = following + left
        steps.append(step)
    return Route(steps, nowhere, bool(left))


def written(step: Step) -> str:
    """Return a step as an address holds it.

    >>> from gmmviz.pages import PAGES
    >>> written(read_step("/density?k=16&n=1500", PAGES)), written(read_step("k=2", PAGES))
    ('density?k=16;n=1500', '?k=2')
    """
    settings = ";".join(
        f"{quote(name, safe='')}={quote(text, safe=',|-:/')}" for name, text in step.query.items()
    )
    if step.page.default:
        return f"?{settings}"
    return f"{step.page.name}?{settings}" if settings else step.page.name
