"""Sentences of facts: what an event says to a student, whether about one component or several.

The facts are those of a `gmmviz.em.Event`, of EM or of k-means; nothing here computes, and nothing elsewhere words
them. A page that has better words for some kinds gives its own: `sentence(event, {"degenerate": function})`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import floor

FEW = 5  # components, or numbers, that are listed one by one


def sentence(event, own: Mapping[str, Callable[..., str]] | None = None, features: Sequence[str] = ()) -> str:
    """Return an event in a sentence or two; `own` has other words for some kinds, `features` are the data's by name.

    >>> from gmmviz.em import Event
    >>> sentence(Event(3, "empty", components=(1, 2)))
    'Components 2 and 3 lost all their points. They stay where they are, at weight 0.'
    """
    if event.kind in (own or {}):
        return own[event.kind](event)
    told = SENTENCES[event.kind](event)
    return told.replace(FEATURE, _feature(event, features)).replace(DIRECTION, _direction(event, features))


def counted(n: int, word: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "iteration"), counted(0, "iteration"), counted(1200, "iteration")
    ('1 iteration', '0 iterations', '1,200 iterations')
    """
    return f"{n:,} {word}{'s' * (n != 1)}"


def listed(things: Iterable) -> str:
    """Return one or more things as a part of a sentence.

    >>> listed([1, 2, 5, 9]), listed([4])
    ('1, 2, 5 and 9', '4')
    """
    *others, last = map(str, things)
    return f"{', '.join(others)} and {last}" if others else last


def named(components: tuple[int, ...], word: str = "Component") -> str:
    """Return components, from 0, by the numbers that a reader sees; of many only how many they are.

    >>> named((0,)), named((1, 3), "Centre"), named(range(16))
    ('Component 1', 'Centres 2 and 4', '16 components')
    """
    if len(components) > FEW:
        return counted(len(components), word.lower())
    return f"{word}{'s' * (len(components) > 1)} {listed(k + 1 for k in components)}"


def when(iteration: int, last: int) -> str:
    """Return when something happened in a run that ends at iteration `last`: what lies beyond was tried and undone.

    >>> when(13, 13), when(14, 13)
    ('Iteration 13', 'In the step after iteration 13')
    """
    return f"Iteration {iteration:,}" if iteration <= last else f"In the step after iteration {last:,}"


def ordinal(n: int) -> str:
    """Return a place in a row, counted from 1.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 121, 1002)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '121st', '1,002nd']
    """
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{ending}"


FEATURE, DIRECTION = "{feature}", "{direction}"


def _feature(event, features: Sequence[str]) -> str:
    """Return how a reader calls the feature that is to blame: by its name, or by its place."""
    if event.feature is None:
        return ""
    if event.feature < len(features):
        return f"The feature {features[event.feature]}"
    return f"The {ordinal(event.feature + 1)} feature of the data"


def _direction(event, features: Sequence[str]) -> str:
    """Return a direction as a sum of the features that count most in it."""
    parts = [(part, j) for j, part in enumerate(event.direction) if abs(part) >= 0.05]
    most = sorted(sorted(parts, key=lambda part: -abs(part[0]))[:FEW], key=lambda part: part[1])
    told = ""
    for part, j in most:
        name = features[j] if j < len(features) else f"the {ordinal(j + 1)} feature"
        sign = ("-" if part < 0 else "") if not told else (" - " if part < 0 else " + ")
        size = f"{abs(part):.2g}"
        told += f"{sign}{name}" if size == "1" else f"{sign}{size} times {name}"
    return told


# --- EM ---------------------------------------------------------------------------------------------------------------


def _projected(event) -> str:
    return (
        f"The start's covariances were not {event.covariance_type}. They were replaced by the most likely ones that "
        "are; the run begins there."
    )


def _identical(event) -> str:
    return (
        f"{named(event.components)} begin with the same mean and covariance. Nothing tells them apart, so they stay "
        "the same: begin with another mean, or with a smaller K."
    )


def _degenerate(event) -> str:
    who, many = named(event.components), len(event.components) > 1
    points = _amounts(event.points)
    if event.cause == "few_points":
        D = event.n_features
        return (
            f"{who} rest{'s' * (not many)} on too few points ({points}); a covariance in {counted(D, 'dimension')} "
            f"needs at least {D + 1}."
        )
    if event.cause == "little_weight":
        follow = "their means follow" if many else "its mean follows"
        return f"{who} {'have' if many else 'has'} the weight of only {points} points, so {follow} single points."
    shrunk = (
        "have shrunk to the floor on their covariances"
        if many
        else "has shrunk to the floor on its covariance"
    )
    if event.cause == "floor":
        each, their = ("each ", "the") if many else ("it ", "its")
        return (
            f"{who} {shrunk}. Without the floor {each}would collapse onto a few points or a line, so {their} "
            "likelihood says little: try another start, a smaller K or a shared (tied) covariance."
        )
    return f"{who} {shrunk}. {CAUSES[event.cause](event)}"


def _amounts(points: Sequence[float]) -> str:
    """Return effective numbers of points, rounded down, so that too few never look enough; of many the ends."""
    low = [f"{floor(100 * count) / 100:g}" for count in points]
    if len(low) <= FEW:
        return listed(low) if low else ""
    least, most = (low[points.index(end)] for end in (min(points), max(points)))
    return f"from {least} to {most}" if least != most else least


def _empty(event) -> str:
    many = len(event.components) > 1
    return (
        f"{named(event.components)} lost all {'their' if many else 'its'} points. {_stay(many)}, at weight 0."
    )


def _decreased(event) -> str:
    return (
        f"The log-likelihood fell by {event.amount:.3g}. Without a floor on the covariance EM never does that: the "
        "floor adds variance which the data do not ask for."
        if event.cause == "floor"
        else f"The log-likelihood fell by {event.amount:.3g}, more than the computer's digits explain."
    )


def _collapsed(event) -> str:
    if event.amount:
        kept = "The state before is kept." if event.iteration else "The start is all there is."
        return (
            f"{named(event.components)} became too flat: the computer's 16 digits leave the log-likelihood unsure by "
            f"{event.amount:.2g}, too much to tell whether EM climbs. {CAUSES[event.cause](event)} {kept}"
        )
    return (
        f"{named(event.components)} collapsed: its covariance would no longer be positive definite. "
        f"{CAUSES[event.cause](event)} The state before is kept. Remedies: a floor on the covariance, another start, "
        "or a shared (tied) covariance."
    )


def _constant(event) -> str:
    return f"{FEATURE} is constant, so every component is flat along it: drop it."


def _linear(event) -> str:
    return f"{FEATURE} is a linear function of the features before it: drop it."


def _flat_data(event) -> str:
    N, D = event.n_points, event.n_features
    return (
        f"There are {N} points in {D} dimensions, which lie in a plane of fewer: drop features, or use a diag or "
        "spherical covariance."
    )


def _one_point(event) -> str:
    return (
        f"It has shrunk onto a single point or copies of it (the {ordinal(event.rows[0] + 1)} row of the data), where "
        "the likelihood grows without bound."
    )


def _few_rows(event) -> str:
    rows = listed(ordinal(row + 1) for row in event.rows)
    return f"It rests on {len(event.rows)} different points only (the {rows} row of the data)."


def _line_or_plane(event) -> str:
    return "Its points lie on a line or plane of fewer dimensions, where the likelihood grows without bound."


def _flat(event) -> str:
    return (
        f"Among its points {DIRECTION}, each in units of its spread, hardly varies: drop one of these features, set a "
        "floor on the covariance, or use a diag or spherical covariance."
    )


CAUSES: dict[str, Callable[..., str]] = {
    "constant_feature": _constant,
    "linear_feature": _linear,
    "flat_data": _flat_data,
    "one_point": _one_point,
    "few_rows": _few_rows,
    "line_or_plane": _line_or_plane,
    "flat": _flat,
}
"""What is in the data, or in the points that a component rests on, that makes its covariance singular, or nearly so."""


# --- K-means ----------------------------------------------------------------------------------------------------------


def _idle(event) -> str:
    many = len(event.components) > 1
    who = f"{named(event.components, 'Centre')} {'have' if many else 'has'}"
    return f"{who} no points: every point is nearer to another. {_stay(many)}."


def _stay(many: bool) -> str:
    return "They stay where they are" if many else "It stays where it is"


def _tie(event) -> str:
    n = len(event.rows)
    who = "1 point is" if n == 1 else f"{n} points are"
    return (
        f"{who} equally far from two centres. K-means gives such a point to the centre with the lower number; a "
        "mixture would share it."
    )


SENTENCES: dict[str, Callable[..., str]] = {
    "projected": _projected,
    "identical": _identical,
    "degenerate": _degenerate,
    "empty": _empty,
    "decreased": _decreased,
    "collapsed": _collapsed,
    "idle": _idle,
    "tie": _tie,
}
"""Each kind's words."""
