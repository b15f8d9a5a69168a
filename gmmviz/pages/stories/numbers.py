"""Stories: their runs, the facts about them, and whether a prediction was right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import dist
from typing import NamedTuple
from urllib.parse import parse_qsl

from gmmviz.datasets import SPECS, Dataset
from gmmviz.em import Run
from gmmviz.kmeans import KMeansRun
from gmmviz.pages.stories.expressions import ExpressionError, evaluate, facts_in, filled, shown
from gmmviz.pages.stories.facts import BOTH, OF_GROUPS, OF_K_MEANS, OF_THE_STAR, Told, both, fact
from gmmviz.pages.stories.settings import Shown
from gmmviz.pages.stories.story import Film, Guess, Pick, Spot, Story, StoryError, expressions
from gmmviz.words import corrected

Names = Mapping[str, Callable[[str], object]]
"""For each name in a story's expressions what returns its facts."""


# --- Runs and facts ---------------------------------------------------------------------------------------------------


def settings_of(story: Story, film: Film) -> Shown:
    """Return the settings of one of a story's films; a StoryError where its file asks for what is not valid."""
    settings, corrections = Shown.from_query(dict(parse_qsl(film.settings)))
    if corrections:
        raise StoryError(
            story.name, f"films, settings of {film.name}", corrected(corrections[0]).removesuffix(".")
        )
    return settings


def names_of(
    story: Story,
    data: Callable[[Shown], Dataset] = Shown.data,
    run: Callable[[Shown], Run | KMeansRun] | None = None,
) -> tuple[dict[str, Told], Names]:
    """Return a story's runs by their names, and the facts by which its expressions know them.

    Parameters
    ----------
    story : Story
    data, run : callable, optional
        Where to get the points and the run of settings: from a cache, say.
    """
    told = {}
    for film in story.films:
        settings = settings_of(story, film)
        dataset = data(settings)
        history = run(settings) if run else settings.run(dataset.X)
        told[film.name] = Told(dataset, history, settings.covariance, story.star)
    names: dict[str, Callable[[str], object]] = {name: partial(fact, one) for name, one in told.items()}
    if len(told) > 1:
        names[BOTH] = partial(both, *list(told.values())[:2])
    return told, names


def checked(story: Story) -> None:
    """Raise a StoryError where a story's file asks for facts that its settings cannot have; nothing is computed."""
    settings = {film.name: settings_of(story, film) for film in story.films}
    asked = [
        (field, name, fact) for field, text in expressions(story) for name, fact in sorted(facts_in(text))
    ]
    for field, name, wanted in asked:
        one = settings.get(name)
        if one is None:
            continue
        if wanted in OF_GROUPS and not SPECS[one.dataset].labelled:
            raise StoryError(story.name, field, f"{name}.{wanted} takes known groups: choose another dataset")
        if wanted in OF_THE_STAR and story.star is None:
            raise StoryError(story.name, field, f"{name}.{wanted} takes a star: add star = [x, y]")
        if wanted not in OF_K_MEANS and one.method == "k-means":
            raise StoryError(story.name, field, f"k-means has no {wanted}: it has {', '.join(OF_K_MEANS)}")
    if story.lens and not 1 <= story.lens <= settings[story.shown[0].name].k:
        raise StoryError(story.name, "lens", f"is {story.lens}: give a component's number")


def words(story: Story, field: str, names: Names) -> str:
    """Return one of a story's texts with its placeholders filled."""
    try:
        return filled(getattr(story, field), names)
    except ExpressionError as error:
        raise StoryError(story.name, field, error) from error


def value(story: Story, field: str, expression: str, names: Names):
    """Return the value of one of a story's expressions."""
    try:
        return evaluate(expression, names)
    except ExpressionError as error:
        raise StoryError(story.name, field, error) from error


def untrue(story: Story, names: Names) -> list[str]:
    """Return the claims of a story that do not hold."""
    return [
        claim
        for i, claim in enumerate(story.claims, start=1)
        if not value(story, f"claims {i}", claim, names)
    ]


# --- Predictions ------------------------------------------------------------------------------------------------------


class Verdict(NamedTuple):
    """What became of a prediction.

    Attributes
    ----------
    right : bool
    said, answer : str
        What the reader said and what came out, as the page words them.
    place : tuple of float or None
        Where the answer is, if it is a spot.
    """

    right: bool
    said: str
    answer: str
    place: tuple[float, float] | None = None


def verdict(story: Story, said, names: Names) -> Verdict:
    """Return what became of a prediction: of the number of an option from 0, of a number, or of a place (x, y)."""
    prediction = story.prediction
    match prediction:
        case Pick():
            truth = answer(story, names)
            return Verdict(said == truth, prediction.options[said].text, prediction.options[truth].text)
        case Guess():
            truth = answer(story, names)
            texts = (f"{shown(round(number, 1), 'g')}{prediction.unit}" for number in (float(said), truth))
            return Verdict(abs(said - truth) <= prediction.within, *texts)
        case Spot():
            truth = answer(story, names)
            return Verdict(
                dist(said, truth) <= prediction.within, *(shown(p, ".2f") for p in (said, truth)), truth
            )


def answer(story: Story, names: Names):
    """Return the right answer: the number of an option from 0, a number, or a place.

    Raises
    ------
    StoryError
        Where not exactly one option is right, and where an answer is none.
    """
    prediction = story.prediction
    if isinstance(prediction, Pick):
        right = [
            i for i, (field, when) in enumerate(prediction.expressions()) if value(story, field, when, names)
        ]
        if len(right) != 1:
            raise StoryError(
                story.name,
                "prediction.options",
                f"{len(right)} of them are right: let `when` be true of exactly one",
            )
        return right[0]
    ((field, expression),) = prediction.expressions()
    found = value(story, field, expression, names)
    wanted = (int, float) if isinstance(prediction, Guess) else tuple
    if not isinstance(found, wanted):
        kind = "a number" if isinstance(prediction, Guess) else "a place, such as run.mean[1]"
        raise StoryError(story.name, field, f"gives {found!r}: let it give {kind}")
    return found if isinstance(found, tuple) else float(found)
