"""Words that agree with their numbers: counts, lists, and what happened to several components at once."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gmmviz.em import Event

SUBJECT = re.compile(r"^(Component|Centre) (\d+) ")
COUNT = re.compile(r" \(([\d.e+-]+)\)")  # each component's own number of points
PLURALS = (
    (" rests on ", " rest on "),
    (" has shrunk to the floor on its covariance", " have shrunk to the floor on their covariances"),
    (" floor it would ", " floor each would "),
    (" its likelihood ", " the likelihood "),
    (" lost all its points", " lost all their points"),
    (" has no points", " have no points"),
    (" It stays where it is", " They stay where they are"),
)


def counted(n: int, word: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "iteration"), counted(0, "iteration")
    ('1 iteration', '0 iterations')
    """
    return f"{n} {word}{'s' * (n != 1)}"


def listed(things: Iterable) -> str:
    """Return one or more things as a part of a sentence.

    >>> listed([1, 2, 5, 9]), listed([4])
    ('1, 2, 5 and 9', '4')
    """
    *others, last = map(str, things)
    return f"{', '.join(others)} and {last}" if others else last


class Told(NamedTuple):
    """An iteration, and a message that may be about several components."""

    iteration: int
    message: str


def grouped(events: Sequence[Event]) -> list[Told]:
    """Return events' messages in order; those that say the same at the same iteration are told as one.

    >>> rests = "Component {} rests on too few points ({})."
    >>> grouped([Event(1, 0, "floor", rests.format(1, 1.2)), Event(1, 4, "floor", rests.format(5, 2))])[0].message
    'Components 1 and 5 rest on too few points (1.2 and 2).'
    """
    alike: dict[tuple, list[str]] = {}
    for event in events:
        same = COUNT.sub(" ()", SUBJECT.sub(r"\1 ", event.message))
        alike.setdefault((event.iteration, event.kind, same), []).append(event.message)
    return [Told(iteration, _as_one(messages)) for (iteration, _, _), messages in alike.items()]


def _as_one(messages: list[str]) -> str:
    """Return messages that differ in component and count only as one."""
    first = messages[0]
    found = [SUBJECT.match(message) for message in messages]
    if len(messages) == 1 or not all(found):
        return first
    subject = f"{found[0][1]}s {listed(match[2] for match in found)} "
    counts = [match[1] for message in messages if (match := COUNT.search(message))]
    said = SUBJECT.sub(subject, first)
    said = COUNT.sub(f" ({listed(counts)})", said) if counts else said
    for singular, plural in PLURALS:
        said = said.replace(singular, plural)
    return said
