"""Long work that a page does in slices: drawn as it comes, stopped by the reader, and taken up where it stopped.

The work itself is an object with a method that goes on with it for so many seconds, such as `gmmviz.selection.Study`,
`gmmviz.em.Ascent` or `Task`. `cache.result` gives it to all readers of the same settings, each of whom goes on with it.
Only one of the server's readers computes at a time, and who waits comes in between after a `QUANTUM`.

What work costs is estimated from the settings before it starts. Up to a `SECOND` it is done at once, beyond that in
slices, and beyond a `MINUTE` the page asks first.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial
from math import ceil
from threading import Lock
from time import monotonic, perf_counter
from typing import Any

import streamlit as st

from gmmviz.em import Ascent
from gmmviz.em.sentences import counted
from gmmviz.experiment import Experiment
from gmmviz.numerals import numeral
from gmmviz.ui import cache, drawing, session
from gmmviz.ui.turns import give_way, is_wanted, turn

SLICE, LONGEST = 0.25, 1.0
"""Seconds of work between two pictures, at least and at most; between them, as long as a picture takes."""
TICK = 0.1
"""Seconds after which the browser asks for the next slice, if the last one is done."""
QUANTUM = 0.01
"""Seconds of work after which others come in between."""
SECOND, MINUTE = 1.0, 60.0
"""Work that is done at once, and work that is asked about first."""
PER_ITERATION, PER_SHARE = 1e-4, 1.2e-8
"""Seconds that an iteration of EM takes, and each point's share of each component in it."""
TYPICAL = 200
"""Iterations that a run with a tolerance is taken for; one that takes more goes on in slices."""
STOPPED, TASK, AGREED = "_run_stopped", "_task_stopped", "_agreed"
"""Of st.session_state: the run, and the task, that the reader has stopped; the long work that he wants, a set."""


# --- What it costs, and doing it --------------------------------------------------------------------------------------


def cost(points: int, components: int, iterations: float, fits: int = 1) -> float:
    """Return about how many seconds so many fits take.

    >>> round(cost(500, 3, 50), 3), round(cost(20_000, 16, 2000)), round(cost(20_000, 30, 2000, fits=6))
    (0.006, 8, 88)
    """
    return fits * iterations * (PER_ITERATION + PER_SHARE * points * components)


def iterations_of(settings: Experiment) -> int:
    """Return for how many iterations a run of these settings is taken.

    >>> iterations_of(Experiment()), iterations_of(Experiment(tol=0)), iterations_of(Experiment(max_iter=9))
    (200, 1000, 9)
    """
    return settings.max_iter if settings.tol == 0 else min(settings.max_iter, TYPICAL)


def advance(go_on: Callable[[float], bool], seconds: float) -> bool:
    """Let work go on for so many seconds, and let others compute in between; return whether it is done.

    `go_on` takes seconds and returns whether the work is done. It is called at least once.
    """
    end = perf_counter() + seconds
    while True:
        is_wanted()
        with turn():
            done = go_on(min(seconds, QUANTUM))
        if done or perf_counter() >= end:
            return done
        give_way()


class Task:
    """Work that a generator does, made as far as it is asked for; what is done stays.  Threads may share it.

    Parameters
    ----------
    steps : generator
        Yields often: what there is so far. Returns the result, if that is not what it yielded last.
    cost : float
        About how many seconds it takes.
    total : int
        How many things there are to do, at most.
    things : str
        What they are called.
    count : callable
        Returns how many of them are done, by what there is so far.

    Examples
    --------
    >>> task = Task((numbers for numbers in ([1], [1, 2])), 0.0, 2, "numbers")
    >>> task.advance(0), task.found, task.advance(9), task.found
    (False, [1], True, [1, 2])
    """

    def __init__(
        self, steps: Generator, cost: float, total: int, things: str, count: Callable[[Any], int] = len
    ):
        self.cost, self.total, self.things, self._count = cost, total, things, count
        self._steps, self._lock = steps, Lock()
        self.found: Any = None
        self.done = False

    @property
    def n_done(self) -> int:
        """How many of the things are done."""
        return 0 if self.found is None else self._count(self.found)

    def advance(self, seconds: float) -> bool:
        """Go on for so many seconds, and one step more; return whether all is done."""
        with self._lock:
            end = perf_counter() + seconds
            while not self.done:
                try:
                    self.found = next(self._steps)
                except StopIteration as steps:
                    self.done = True
                    self.found = self.found if steps.value is None else steps.value
                if perf_counter() > end:
                    break
            return self.done


# --- Drawing it -------------------------------------------------------------------------------------------------------


def draw_in_slices(part: Callable, busy: bool, *arguments) -> None:
    """Draw a part of the page, and while it is busy draw it again and again; it is told how long it may work.

    Parameters
    ----------
    part : callable
        Takes the arguments, and `seconds`, by name: 0 in the first turn, in which the whole page is drawn, and the
        reader waits for the rest of it.
    busy : bool
        Whether there is work to do.
    """
    before, seconds = None, 0.0

    def run() -> None:
        nonlocal before, seconds
        now = monotonic()
        if before is not None:
            seconds = min(max(now - before - seconds, SLICE), LONGEST)
        before = now
        with turn():
            part(*arguments, seconds=seconds)

    st.fragment(run, run_every=TICK if busy else None)()


def is_stopped(key: str, work) -> bool:
    """Return whether the reader has stopped this work, which what is equal to it names; `key`: the page's own."""
    return st.session_state.get(key) == work


def progress(key: str, work, done: int, total: int, things: str, help: str) -> None:
    """Draw how far work is, and a button to stop it or to go on.

    Parameters
    ----------
    key, work
        As in `is_stopped`.
    done, total : int
        How many things are done, and how many there are.
    things : str
        What they are called.
    help : str
        What going on does.
    """
    _bar(key, work, done / total, f"{numeral(done)} of {numeral(total)} {things}", help)


def _bar(key: str, work, share: float, text: str, help: str) -> None:
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    left.progress(share, text)
    if share == 1:
        return
    with right:
        if is_stopped(key, work):
            if st.button("Go on", icon=":material/play_arrow:", help=help):
                st.session_state[key] = None
                session.rerun()
        elif st.button("Stop", icon=":material/stop:", help="Stops here; what is done stays."):
            st.session_state[key] = work
            session.rerun()


def in_slices(task_of: Callable[[], Task], draw: Callable[[Any], None]) -> None:
    """Draw what a task has found, with how far it is, and go on with it as long as it is not done.

    Parameters
    ----------
    task_of : callable
        Returns the task, which is shared by all who see it. Asked each time, so that it stays among what is kept.
    draw : callable
        Takes what has been found so far: None before anything is. Draws no controls: the rest of the page would not
        hear of them while the task goes on.
    """
    task = task_of()
    at_once(task)
    if task.done:
        draw(task.found)
    else:
        draw_in_slices(_task, not is_stopped(TASK, task), task_of, draw)


def at_once(task: Task) -> None:
    """Do a task that is a matter of a second."""
    if task.cost <= SECOND and not task.done:
        advance(task.advance, SECOND)


def _task(task_of: Callable[[], Task], draw: Callable[[Any], None], seconds: float) -> None:
    task = task_of()
    busy = not (task.done or is_stopped(TASK, task))
    if busy and seconds and advance(task.advance, seconds):
        session.rerun()  # nobody asks for slices any more
    if not task.done:
        progress(TASK, task, task.n_done, task.total, task.things, "Does those that are left.")
    draw(task.found)


def is_agreed(work, seconds: float) -> bool:
    """Return whether work of so many seconds may begin: it is short, or the reader wants it all the same."""
    return seconds <= MINUTE or work in st.session_state.get(AGREED, ())


def ask(work, seconds: float, what: str) -> None:
    """Ask the reader, before work begins that is not agreed, whether he wants it; `what` it is, in words."""
    with st.container(border=True):
        st.markdown(
            f"**{what}**: about {counted(ceil(seconds / 60), 'minute')} of work for this computer, which others may be "
            "using too. Fewer points, components or iterations are done sooner."
        )
        if st.button("Compute it all the same", key=f"compute {what}", icon=":material/play_arrow:"):
            st.session_state.setdefault(AGREED, set()).add(work)
            session.rerun()


# --- Runs of EM -------------------------------------------------------------------------------------------------------


def so_far(*wanted: Experiment) -> tuple[Experiment, ...]:
    """Go on with runs of EM, and return the settings of what there is of them: the same, with fewer iterations at most.

    Draws how far they are, with a button to stop them, as long as they are not done, and then goes on with them.
    """
    drawing.require(*wanted)
    wanted = tuple(settings.reduced_to("data", "run") for settings in wanted)
    ascents = list(map(cache.ascent_of, wanted))
    left = _left(wanted, ascents)
    if left and not is_stopped(STOPPED, wanted):
        if not is_agreed(wanted, left):
            ask(wanted, left, f"{counted(len(wanted), 'run')} of many points, components and iterations")
            session.write_address(session.current().settings)
            st.stop()
        _climb(wanted, ascents, SECOND if left <= SECOND else SLICE)
    if _left(wanted, ascents):
        draw_in_slices(_under_way, not is_stopped(STOPPED, wanted), wanted)
    return tuple(map(_as_far, wanted, ascents))


def is_under_way(shown: Sequence[Experiment], wanted: Sequence[Experiment]) -> bool:
    """Return whether runs that were `wanted` are shown as far as they have come, and go on."""
    wanted = tuple(settings.reduced_to("data", "run") for settings in wanted)
    return tuple(one.max_iter for one in shown) != tuple(one.max_iter for one in wanted) and not is_stopped(
        STOPPED, wanted
    )


def _is_done(settings: Experiment, ascent: Ascent) -> bool:
    return ascent.ended or ascent.iterations >= settings.max_iter


def _as_far(settings: Experiment, ascent: Ascent) -> Experiment:
    """Return the settings whose run is what there is of theirs."""
    return settings if _is_done(settings, ascent) else replace(settings, max_iter=ascent.iterations)


def _left(wanted: Sequence[Experiment], ascents: Sequence[Ascent]) -> float:
    """Return about how many seconds are left; 0 only where nothing is."""
    return sum(
        cost(ascent.n_points, settings.k, max(1, iterations_of(settings) - ascent.iterations))
        for settings, ascent in zip(wanted, ascents, strict=True)
        if not _is_done(settings, ascent)
    )


def _climb(wanted: Sequence[Experiment], ascents: Sequence[Ascent], seconds: float) -> None:
    """Go on with all that are not done, for so many seconds in all, but until there is something to show of each."""
    undone = [pair for pair in zip(wanted, ascents, strict=True) if not _is_done(*pair)]
    for settings, ascent in undone:
        advance(partial(_step, ascent, settings.max_iter), seconds / len(undone))


def _step(ascent: Ascent, iterations: int, seconds: float) -> bool:
    """Go on with one run until there is something to show of it, and then for so many seconds; return as it does."""
    ascent.advance(1)
    return ascent.advance(iterations, seconds)


def _under_way(wanted: Sequence[Experiment], seconds: float) -> None:
    """Draw how far runs are, and go on with them; the rest of the page has to hear of the end."""
    ascents = list(
        map(cache.ascent_of, wanted)
    )  # asked for each time: what many others ask for would push them out
    if seconds and not is_stopped(STOPPED, wanted):
        _climb(wanted, ascents, seconds)
    if not _left(wanted, ascents):
        session.rerun()
    done = [min(one.max_iter, max(0, ascent.iterations)) for one, ascent in zip(wanted, ascents, strict=True)]
    most = [one.max_iter for one in wanted]
    text = f"{numeral(sum(done))} of at most {numeral(sum(most))} iterations"
    if len(wanted) == 1:
        text += f", log-likelihood {numeral(ascents[0].log_likelihood, '.3f')}"
    else:
        text += f", {numeral(sum(map(_is_done, wanted, ascents)))} of {numeral(len(wanted))} runs done"
    _bar(STOPPED, wanted, sum(done) / sum(most), text, "Goes on with the iterations that are left.")
