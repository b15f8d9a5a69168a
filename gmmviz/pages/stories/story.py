"""A story: a file of text and settings in a folder of its own, read and checked; and the shelf of all of them.

gmmviz/stories/<name>/story.toml. Adding such a folder adds a story; nothing else has to be written.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from gmmviz.glossary import plain
from gmmviz.pages.stories.expressions import ExpressionError, facts_in, placeholders
from gmmviz.pages.stories.facts import BOTH, FACTS, FACTS_OF_BOTH

FOLDER = Path(__file__).parents[2] / "stories"
FILE = "story.toml"
MOST_SHOWN = 2


EXPLAINED = ("intro", "happened", "why")
"""The texts in which terms of the glossary, marked as there, explain themselves."""


class StoryError(ValueError):
    """A story's file that is wrong: says which file, which field, and what to do.

    >>> str(StoryError("moons", "why", "is missing: say why it happened"))
    'stories/moons/story.toml, why: is missing: say why it happened.'
    """

    def __init__(self, name: str, field: str, problem: object):
        super().__init__(f"stories/{name}/{FILE}, {field}: {problem}.")


# --- What a file holds ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Film:
    """One run of a story.

    Attributes
    ----------
    name : str
        By which expressions name its facts.
    settings : str
        The run's, as an address has them.
    title : str
        Over its plane, where there are two.
    shown : bool
        Whether the film shows it; else only its facts are used.
    """

    name: str
    settings: str
    title: str = ""
    shown: bool = True


@dataclass(frozen=True)
class Option:
    """One answer to choose: its text, and the expression that is true where it is right."""

    text: str
    when: str


@dataclass(frozen=True)
class Pick:
    """A prediction by choosing one of several answers."""

    ask: str
    options: tuple[Option, ...]

    def expressions(self) -> Iterator[tuple[str, str]]:
        """Yield each field with the expression it holds."""
        for i, option in enumerate(self.options, start=1):
            yield f"prediction.options {i}, when", option.when


@dataclass(frozen=True)
class Guess:
    """A prediction by a number from low to high: right within `within` of the answer, an expression."""

    ask: str
    answer: str
    low: float
    high: float
    within: float
    step: float = 1.0
    unit: str = ""

    def expressions(self) -> Iterator[tuple[str, str]]:
        """Yield each field with the expression it holds."""
        yield "prediction.answer", self.answer


@dataclass(frozen=True)
class Spot:
    """A prediction by a spot in the plane: right within a distance of the answer, an expression for a place."""

    ask: str
    answer: str
    within: float

    def expressions(self) -> Iterator[tuple[str, str]]:
        """Yield each field with the expression it holds."""
        yield "prediction.answer", self.answer


Prediction = Pick | Guess | Spot
KINDS: dict[str, type] = {"choice": Pick, "number": Guess, "spot": Spot}
"""The kinds of prediction, by the name that a file gives them."""


@dataclass(frozen=True)
class Try:
    """One thing to try: a sentence, the page it opens, by its name, and the settings there."""

    text: str
    page: str
    settings: str


@dataclass(frozen=True)
class Story:
    """A story. Texts may hold placeholders, see `gmmviz.pages.stories.expressions.filled`.

    Attributes
    ----------
    name : str
        Its folder's.
    title, question : str
        As the list of stories has them; no placeholders.
    order : float
        Its place among them.
    intro : str
        What is seen before the film plays, and what to think about.
    films : tuple of Film
    prediction : Pick, Guess or Spot
    happened, why : str
        What the film has shown, and the reason.
    try_ : Try
    formula : str
        The reason in the code's symbols, for KaTeX; "" for none.
    claims : tuple of str
        Expressions that must be true.
    star : tuple of float or None
        A place marked in the plane, in the data's units.
    opens : int
        The iteration at which the film stands before the prediction.
    steps : bool
        Whether E- and M-step are halves of their own.
    lens : int or None
        The component, from 1, that a magnifier shows in the first plane.
    """

    name: str
    title: str
    question: str
    order: float
    intro: str
    films: tuple[Film, ...]
    prediction: Prediction
    happened: str
    why: str
    try_: Try
    formula: str = ""
    claims: tuple[str, ...] = ()
    star: tuple[float, float] | None = None
    opens: int = 0
    steps: bool = True
    lens: int | None = None

    @property
    def shown(self) -> tuple[Film, ...]:
        """The films that are drawn, one or two."""
        return tuple(film for film in self.films if film.shown)


# --- Reading one ------------------------------------------------------------------------------------------------------

TYPES = {
    "str": (str, "a text in quotes"),
    "float": (float, "a number"),
    "int": (int, "a whole number"),
    "bool": (bool, "true or false"),
    "int | None": (int, "a whole number"),
}
"""What a field's annotation asks of a file."""


def read(path: Path) -> Story:
    """Read a story from its file.

    Raises
    ------
    StoryError
        Says which field is wrong and what to do.
    """
    name = path.parent.name
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StoryError(name, "the file", f"cannot be read ({error}): mend it there") from error
    story = _story(name, given)
    _check_films(story)
    _check_expressions(story)
    return story


def _story(name: str, given: dict[str, Any]) -> Story:
    given = dict(given)
    parts = {
        "films": tuple(
            _made(name, Film, film, f"films {i}")
            for i, film in enumerate(_tables(name, given, "films"), start=1)
        ),
        "prediction": _prediction(name, _table(name, given, "prediction")),
        "try_": _made(name, Try, _table(name, given, "try"), "try"),
        "claims": _texts(name, given.pop("claims", [])),
        "star": _place(name, given.pop("star", None)),
    }
    return _made(name, Story, given, "", name=name, **parts)


def _made(story: str, kind: type, given: dict[str, Any], where: str, **known):
    """Return a dataclass of a table's values, each checked by its annotation."""
    table = {field.name: field for field in fields(kind) if field.name not in known}
    labelled = {name: f"{where}.{name}".removeprefix(".") for name in table}
    for name in given.keys() - table.keys():
        label = f"{where}.{name}".removeprefix(".")
        raise StoryError(story, label, f"is not known here: leave it out, or write one of {', '.join(table)}")
    values = {}
    for name, field in table.items():
        if name in given:
            values[name] = _typed(story, labelled[name], given[name], field.type)
        elif field.default is not MISSING:
            values[name] = field.default
        else:
            raise StoryError(story, labelled[name], f"is missing: add it, {TYPES[field.type][1]}")
    return kind(**known, **values)


def _typed(story: str, label: str, value, annotation: str):
    kind, wanted = TYPES[annotation]
    number = kind is float and isinstance(value, int) and not isinstance(value, bool)
    fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if not (number or fits) or (kind is str and not value.strip()):
        raise StoryError(story, label, f"is {value!r}: write {wanted}")
    return value.strip() if kind is str else kind(value)


def _prediction(story: str, given: dict[str, Any]) -> Prediction:
    given = dict(given)
    kind = given.pop("kind", None)
    if kind not in KINDS:
        raise StoryError(story, "prediction.kind", f"is {kind!r}: write one of {', '.join(KINDS)}")
    if kind != "choice":
        return _made(story, KINDS[kind], given, "prediction")
    options = tuple(
        _made(story, Option, option, f"prediction.options {i}")
        for i, option in enumerate(_tables(story, given, "options", "prediction.options"), start=1)
    )
    if len(options) < 2:
        raise StoryError(
            story, "prediction.options", "are fewer than two: give a reader something to choose from"
        )
    return _made(story, Pick, given, "prediction", options=options)


def _table(story: str, given: dict[str, Any], name: str) -> dict[str, Any]:
    value = given.pop(name, None)
    if not isinstance(value, dict):
        raise StoryError(story, name, f"is missing: add a table [{name}]")
    return value


def _tables(story: str, given: dict[str, Any], name: str, label: str = "") -> list[dict[str, Any]]:
    value, label = given.pop(name, None), label or name
    if not (isinstance(value, list) and value and all(isinstance(one, dict) for one in value)):
        raise StoryError(story, label, f"is missing: add one or more tables [[{label}]]")
    return value


def _texts(story: str, value) -> tuple[str, ...]:
    if not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
        raise StoryError(story, "claims", f"is {value!r}: write a list of texts")
    return tuple(value)


def _place(story: str, value) -> tuple[float, float] | None:
    if value is None:
        return None
    numbers = (
        isinstance(value, list) and len(value) == 2 and all(type(part) in (int, float) for part in value)
    )
    if not numbers:
        raise StoryError(story, "star", f"is {value!r}: write a place as [1.5, -2.0]")
    return float(value[0]), float(value[1])


# --- Checking it ------------------------------------------------------------------------------------------------------


def _check_films(story: Story) -> None:
    names = [film.name for film in story.films]
    if len(set(names)) < len(names) or BOTH in names or not all(name.isidentifier() for name in names):
        raise StoryError(
            story.name, "films", f"are called {', '.join(names)}: give each a word of its own, not {BOTH}"
        )
    if not 1 <= len(story.shown) <= MOST_SHOWN:
        raise StoryError(story.name, "films", f"show {len(story.shown)}: show one or {MOST_SHOWN}")
    if len(story.shown) > 1 and not all(film.title for film in story.shown):
        raise StoryError(story.name, "films", "need a title each where two are shown: add title")


def _check_expressions(story: Story) -> None:
    known = {film.name: FACTS for film in story.films}
    if len(story.films) > 1:
        known[BOTH] = FACTS_OF_BOTH
    for field in EXPLAINED:
        try:
            plain(getattr(story, field))
        except KeyError as error:
            raise StoryError(story.name, field, f"marks {error}: mark a term of the glossary") from error
    for field, expression in expressions(story):
        for name, fact in _checked(story, field, facts_in, expression):
            if name not in known:
                raise StoryError(story.name, field, f'names "{name}": there is {", ".join(known)}')
            if fact not in known[name]:
                raise StoryError(
                    story.name, field, f'names the fact "{fact}": there is {", ".join(known[name])}'
                )


def expressions(story: Story) -> Iterator[tuple[str, str]]:
    """Yield each field of a story that holds an expression, in a placeholder or as such, with it."""
    for field in EXPLAINED:
        for expression in _checked(story, field, placeholders, getattr(story, field)):
            yield field, expression
    for i, claim in enumerate(story.claims, start=1):
        yield f"claims {i}", claim
    yield from story.prediction.expressions()


def _checked(story: Story, field: str, read, text: str):
    try:
        return read(text)
    except ExpressionError as error:
        raise StoryError(story.name, field, error) from error


# --- All of them ------------------------------------------------------------------------------------------------------


class Shelf(Mapping[str, Story]):
    """The stories of a folder by their names, in their order; read once, when they are first asked for.

    Attributes
    ----------
    folder : Path
        Each of its folders with a `FILE` is a story.
    errors : list of StoryError
        What is wrong with those that could not be read: the others are there all the same.
    """

    def __init__(self, folder: Path = FOLDER):
        self.folder = folder

    @cached_property
    def _read(self) -> tuple[dict[str, Story], list[StoryError]]:
        stories, errors = [], []
        for path in sorted(self.folder.glob(f"*/{FILE}")):
            try:
                stories.append(read(path))
            except StoryError as error:
                errors.append(error)
        stories.sort(key=lambda story: (story.order, story.name))
        return {story.name: story for story in stories}, errors

    @property
    def errors(self) -> list[StoryError]:
        return self._read[1]

    def __getitem__(self, name: str) -> Story:
        return self._read[0][name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read[0])

    def __len__(self) -> int:
        return len(self._read[0])

    def after(self, name: str) -> Story | None:
        """Return the story that follows one, or None after the last."""
        names: Sequence[str] = list(self)
        place = names.index(name) + 1
        return self[names[place]] if place < len(names) else None


SHELF = Shelf()
"""The app's own stories."""
