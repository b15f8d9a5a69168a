"""Results, kept by the settings they depend on. All are immutable or only read, so sessions share them; but not what
comes of a user's own data, which their session keeps for itself (`gmmviz.ui.private`).

A result that is there is given at once. One that is not is computed in a turn (`gmmviz.ui.turns`), by one of those who
ask for it, and given to all. Not by `st.cache_resource`: it has a lock for each value, and of two readers, one with a
value's lock and one with the turn, each could wait for the other.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial, wraps
from threading import Lock
from typing import Any

from gmmviz.datasets import Dataset
from gmmviz.em import Ascent, Run
from gmmviz.experiment import Experiment
from gmmviz.projection import Outlook, features_of, outlook
from gmmviz.settings import Settings
from gmmviz.starts import Ground
from gmmviz.ui import private
from gmmviz.ui.turns import turn

FILMS = 32  # films, and what takes long, that are kept of a kind
FEWER = 4  # as few as this are kept of one session's own data where all share one
MISSING = object()


class Kept:
    """The results that were asked for last, by their keys.

    Parameters
    ----------
    most : int
        How many; the one that nobody has asked for longest goes first.

    Examples
    --------
    >>> kept = Kept(2)
    >>> [kept.get(name, name.upper) for name in "abacb"], list(kept)
    (['A', 'B', 'A', 'C', 'B'], ['c', 'b'])
    """

    def __init__(self, most: int):
        self._results, self._most, self._lock = OrderedDict(), most, Lock()

    def __iter__(self):
        return iter(tuple(self._results))

    def get(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        """Return the result of a key, computed if it is not there."""
        if (found := self._found(key)) is MISSING:
            with turn():
                if (found := self._found(key)) is MISSING:  # nobody has computed it meanwhile
                    found = self._keep(key, compute())
        return found

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._results.clear()

    def _found(self, key: Hashable) -> Any:
        with self._lock:
            found = self._results.get(key, MISSING)
            if found is not MISSING:
                self._results.move_to_end(key)
            return found

    def _keep(self, key: Hashable, found: Any) -> Any:
        with self._lock:
            self._results[key] = found
            while len(self._results) > self._most:
                self._results.popitem(last=False)
            return found


_everything: list[Kept] = []


def clear() -> None:
    """Forget all results."""
    for kept in _everything:
        kept.clear()


def result(*parts: str, max_entries: int = 64) -> Callable:
    """Return a decorator that keeps what a function makes of settings by the parts of them that decide it.

    The function takes settings, and perhaps more, all hashable. It gets the settings reduced to these parts, so that it
    cannot depend on others.

    Parameters
    ----------
    *parts : {"data", "run", "view"}
        What it depends on.
    max_entries : int
        How many results are kept.
    """

    def decorate(compute: Callable) -> Callable:
        kept, own = Kept(max_entries), partial(Kept, max(1, max_entries // FEWER))
        _everything.append(kept)

        @wraps(compute)
        def kept_by_settings(settings: Settings, *arguments):
            part = settings.reduced_to(*parts)
            place = private.kept_by(compute, own) if part.is_private else kept
            return place.get((part, *arguments), lambda: compute(part, *arguments))

        return kept_by_settings

    return decorate


def dataset_of(settings: Settings) -> Dataset:
    """Return the settings' dataset."""
    return private.chosen_of(settings).dataset if settings.is_own else _dataset_of(settings)


@result("data")
def _dataset_of(settings: Settings) -> Dataset:
    return settings.data()


@result("data")
def outlook_of(settings: Settings, plane: str = "") -> Outlook:
    """Return the settings' dataset as it is seen: of the user's own data, which columns or directions a page shows."""
    dataset = dataset_of(settings)
    return outlook(dataset, features_of(settings.columns, plane) if len(dataset.columns) > 2 else (0, 1))


@result("data", "run")
def history_of(settings: Settings) -> Run:
    """Return the settings' run, whichever the page makes of them."""
    return settings.run(dataset_of(settings).X)


def ground_of(settings: Experiment) -> Ground:
    """Return the settings' points as what their runs start on, which those of other seeds and of another K share."""
    return _ground_of(settings, settings.covariance)


@result("data")
def _ground_of(settings: Experiment, covariance: str) -> Ground:
    return Ground(dataset_of(settings).X, covariance)


@result("data", "run")
def _ascent_of(settings: Experiment) -> Ascent:
    return settings.ascent(ground_of(settings))


def ascent_of(settings: Experiment) -> Ascent:
    """Return the ascent that all share whose settings differ in the number of iterations at most, and no more."""
    return _ascent_of(replace(settings, max_iter=settings.table()["max_iter"].high))


@result("data", "run")
def run_of(settings: Experiment) -> Run:
    """Return the settings' run of EM: of it, what the ascent has not done yet is done now."""
    return ascent_of(settings).run(settings.max_iter)
