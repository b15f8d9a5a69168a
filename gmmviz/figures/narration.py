"""What a film says: every sentence, label and word of the player, in one place, and what they need of the run.

A sentence is a template: the player fills in {placeholders} with facts of the two iterations that a stop lies between
(its modules facts.js and sentences.js), and takes "none", "one" or "many" of those that count something.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gmmviz.em import Event, Run
from gmmviz.figures.arrays import packed
from gmmviz.kmeans import KMeansRun

WORDS = {
    "uncoloured": "The start: nothing assigned yet",
    "start": "The start (iteration 0 of {last})",
    "whole": "Iteration {t} of {last}",
    "e_step": "E-step at iteration {t} of {last}: the points are shared out",
    "m_step": "M-step to iteration {t} of {last}: the Gaussians move",
}
"""What each stop of a film of one run is called beside its buttons; {runs} is where each of several runs stands."""
WORDS_OF_TWO = {
    "uncoloured": "The start, the same for both",
    "start": "The start, the same for both",
    "whole": "{runs}",
    "e_step": "Whose is each point? {runs}",
    "m_step": "Centres and means move: {runs}",
}
"""The same, of k-means beside EM."""
WORDS_OF_SEVERAL = {
    "uncoloured": "The start",
    "start": "The start",
    "whole": "{runs}",
    "e_step": "E-step: {runs}",
    "m_step": "M-step: {runs}",
}
"""The same, of several runs of EM."""
RUNS = {"at": "{name} at {t} of {end}", "ended": "{name} ended at {end}"}
"""Where one of several runs stands."""

DIRECTIONS = (
    "to the right",
    "up and to the right",
    "up",
    "up and to the left",
    "to the left",
    "down and to the left",
    "down",
    "down and to the right",
)
"""The eighth of a circle that a mean moved in, counter-clockwise from the right."""
SENTENCES = {
    # The start
    "uncoloured": {
        "one": "The start: one Gaussian, and no point assigned to it yet.",
        "many": "The start: {K} Gaussians, and no point assigned to any of them yet.",
    },
    "start": {
        "one": "The start: one Gaussian, which takes every point.",
        "many": "The start: each point shows which Gaussian fits it best. Gaussian {k} gets the most: {n} of {N}.",
    },
    # The halves of an iteration, and both at once; {moved} and {changed} are sentences from below.
    "first_e_step": "E-step: each point asks which Gaussian could have made it. Gaussian {k} gets the most: {n} of "
    "{N}.",
    "e_step": "E-step: each point asks which Gaussian could have made it. {changed}",
    "e_step_of_one": "E-step: each point asks which Gaussian could have made it. There is only one.",
    "m_step": "M-step: {moved}",
    "m_step_since": "M-steps since iteration {s}: {moved}",
    "whole": "Iteration {t}: {moved} {changed}",
    "whole_since": "Since iteration {s}: {moved} {changed}",
    "whole_short": "Iteration {t}: {moved}",
    "whole_short_since": "Since iteration {s}: {moved}",
    # How many points have another most probable Gaussian
    "changed": {
        "none": "No point changed its mind.",
        "one": "1 point changed its mind.",
        "many": "{n} points changed their mind.",
    },
    "changed_since": {
        "none": "No point changed its mind since iteration {s}.",
        "one": "1 point changed its mind since iteration {s}.",
        "many": "{n} points changed their mind since iteration {s}.",
    },
    # What moved most: its place, or, where that changed more, its shape, across, up and down, or on a line; and why
    "moved": "Gaussian {k} moved {distance} {direction}.",
    "moved_and_why": "Gaussian {k} moved to the weighted mean of its points, {distance} {direction}.",
    "moved_along": "Gaussian {k} moved {distance} {direction} in {name}.",
    "moved_along_and_why": "Gaussian {k} moved to the weighted mean of its points, {distance} {direction} in {name}.",
    "widened": (
        "Gaussian {k} widened across, from {before} to {after}.",
        "Gaussian {k} widened up and down, from {before} to {after}.",
        "Gaussian {k} widened, from {before} to {after}.",
    ),
    "widened_and_why": (
        "Gaussian {k} widened across: its standard deviation went from {before} to {after}.",
        "Gaussian {k} widened up and down: its standard deviation went from {before} to {after}.",
        "Gaussian {k} widened: its standard deviation went from {before} to {after}.",
    ),
    "narrowed": (
        "Gaussian {k} narrowed across, from {before} to {after}.",
        "Gaussian {k} narrowed up and down, from {before} to {after}.",
        "Gaussian {k} narrowed, from {before} to {after}.",
    ),
    "narrowed_and_why": (
        "Gaussian {k} narrowed across: its standard deviation went from {before} to {after}.",
        "Gaussian {k} narrowed up and down: its standard deviation went from {before} to {after}.",
        "Gaussian {k} narrowed: its standard deviation went from {before} to {after}.",
    ),
    "still": "no Gaussian moved by as much as a thousandth of the points' range.",
    # Notable moments
    "fell": "The log-likelihood fell by {amount}.",
    "emptied": "Gaussian {k} lost all its points, and stays where it is.",
    "shrunk": "Gaussian {k} has shrunk as far as the floor lets it.",
    "starves": "Gaussian {k} starves: only {points} points' worth of weight.",
    "shares": "Gaussians {j} and {k} share a group.",
    "nearly": "Nearly converged: only {left} is left to climb.",
    # The end, by the run's stop reason
    "converged": {
        "none": "Converged at the start: one more iteration would change next to nothing.",
        "one": "Converged after 1 iteration: one more would change next to nothing.",
        "many": "Converged after {n} iterations: one more would change next to nothing.",
    },
    "max_iter": {
        "none": "The run ends where it starts: no iteration was allowed.",
        "one": "Stopped after 1 iteration, the most allowed: EM has not converged yet.",
        "many": "Stopped after {n} iterations, the most allowed: EM has not converged yet.",
    },
    "max_iter_still": {
        "one": "Stopped after 1 iteration, the most allowed: it gained nothing that its digits can tell.",
        "many": "Stopped after {n} iterations, the most allowed: the last gained nothing that its digits can tell.",
    },
    "decreased": "EM stops at iteration {t}: in the next step the floor would make the log-likelihood fall.",
    "collapsed": "EM breaks off at iteration {t}: in the next step Gaussian {k} would shrink to nothing.",
    "flat": "EM breaks off at iteration {t}: Gaussian {k} grows so flat that a computer's digits cannot follow it.",
}
"""What happens, in a sentence for each stop; {s} is the iteration shown before, {t} this one."""
SENTENCES_OF_SEVERAL = {
    name: SENTENCES[name]
    for name in ("moved", "moved_along", "widened", "narrowed", "fell", "emptied", "shrunk")
} | {
    "uncoloured": "The start: no point is assigned yet.",
    "start": "The start: each point shows what fits it best.",
    "first_e_step": "E-step: each point asks whose it is, and takes that colour.",
    "e_step": "E-step: whose is each point? {each}",
    "m_step": "M-step. {each}",
    "whole": "Iteration {t}. {each}",
    "since": "Since iteration {s}. {each}",
    "end": "The end. {each}",
    # Of each run, and what is told of it
    "one": "{name}: {told}",
    "changed": {
        "none": "none changed its mind.",
        "one": "1 point changed its mind.",
        "many": "{n} points changed their mind.",
    },
    "starves": "Gaussian {k} starves, with only {points} points' worth of weight.",
    "shares": "Gaussians {j} and {k} share a group.",
    "still": "hardly anything moves.",
    "converged": {
        "none": "converged at the start.",
        "one": "converged after 1 iteration.",
        "many": "converged after {n} iterations.",
    },
    "max_iter": {
        "none": "no iteration was allowed.",
        "one": "stopped after 1 iteration.",
        "many": "stopped after {n} iterations.",
    },
    "decreased": "stopped at {t}, before a fall.",
    "collapsed": "broke off at {t}, where Gaussian {k} would shrink to nothing.",
    "flat": "broke off at {t}, where Gaussian {k} grows too flat for a computer's digits.",
}
"""What happens in several runs side by side, in a sentence for each stop: {each} is what is told of every run."""
OF_CENTRES = {
    "moved": "centre {k} moved {distance} {direction}.",
    "moved_along": "centre {k} moved {distance} {direction} in {name}.",
    "converged": {
        "none": "nothing changes any more.",
        "one": "nothing changes any more.",
        "many": "nothing changes any more.",
    },
}
"""What is told otherwise of k-means among them."""
SENTENCES_OF_A_STORY = SENTENCES | {
    "max_iter": {
        "none": "The film ends where it starts.",
        "one": "The film ends here, after one iteration. EM would go on.",
        "many": "The film ends here, after {n} iterations. EM would go on.",
    },
}
"""What happens in the film of a story, which may stop EM where the story ends."""
WAITS = "The film waits for your prediction."
"""What is said of a film that may not move yet."""
NUMBERS = {
    "iteration": ("Iteration", "{t}", "of {last}"),
    "now": ("Log-likelihood now", "{now}", "{gain} in this step"),
    "start": ("Log-likelihood now", "{now}", ""),
    "end": ("at the end", "{end}", ""),
}
"""The numbers beside the sentence: a name, a number, and what stands behind it."""
NUMBERS_OF_WAITING = NUMBERS | {"iteration": ("Iteration", "{t}", ""), "end": ("at the end", "?", "")}
"""The same of a film that may not move yet, and must not tell its end."""
DESCRIPTION = {
    "gaussian": "Gaussian {k}: mean {mean}, weight {weight}, most probable for {n} of {N} points.",
    "unasked_gaussian": "Gaussian {k}: mean {mean}, weight {weight}.",
    "centre": "Centre {k}: at {mean}, nearest to {n} of {N} points.",
    "unasked_centre": "Centre {k}: at {mean}.",
    "sure": "{n} of {N} points belong to one Gaussian by at least 90 %.",
    "plane": "{heading}:",
}
"""What stands where in a plane, for who does not see it."""


def said_of(
    X: np.ndarray, run: Run, names: Sequence[str], *, plane: Sequence[int] = (0, 1), equal: bool = True
) -> dict:
    """Return what a film of one run needs to say in sentences what happens, for the player.

    Parameters
    ----------
    X : (N, D) array
        The points.
    run : Run
        The history of EM on them.
    names : sequence of str
        What goes across and what goes up.
    plane : sequence of int
        The features that do: two, or in one dimension one.
    equal : bool
        Whether both are in one unit, so that a distance has a meaning in every direction.

    Returns
    -------
    dict
        The templates; why the run stopped and because of which components (from 0); the log-likelihood of every
        iteration; what happened at which iteration to which components; the features, their names and the points'
        range in each.
    """
    collapses = [event for event in run.events if event.kind == "collapsed"]
    return {
        "sentences": SENTENCES,
        "directions": DIRECTIONS,
        "numbers": NUMBERS,
        "stop_reason": "flat" if any(event.amount for event in collapses) else run.stop_reason,
        "collapsed": [k for event in collapses for k in event.components],
        "log_likelihoods": packed([state.log_likelihood for state in run.states], "f8"),
        "happened": [moment for event in run.events for moment in _notable(event)],
        "features": list(plane),
        "names": list(names),
        "ranges": np.ptp(X, axis=0)[list(plane)].tolist(),
        "equal": equal,
    }


def said_of_several(
    X: np.ndarray, runs: Sequence[tuple[str, Run | KMeansRun]], names: Sequence[str], *, equal: bool = True
) -> dict:
    """Return what a film of several runs on the same points needs to say what happens in each, for the player.

    Parameters
    ----------
    X : (N, 2) array
        The points.
    runs : sequence of (str, Run or KMeansRun)
        What each is called, and its history, in the order of the film's planes.
    names, equal
        As `said_of` takes them.

    Returns
    -------
    dict
        The templates, and `each`: of every run what `said_of` returns; k-means has no log-likelihoods and no events.
    """
    return {
        "sentences": SENTENCES_OF_SEVERAL,
        "directions": DIRECTIONS,
        "each": [
            {"name": name, "last": run.states[-1].iteration} | _said_of_one(X, run, names, equal)
            for name, run in runs
        ],
    }


def _said_of_one(X: np.ndarray, run: Run | KMeansRun, names: Sequence[str], equal: bool) -> dict:
    if isinstance(run, Run):
        return said_of(X, run, names, equal=equal) | {"sentences": SENTENCES_OF_SEVERAL}
    seen = {"features": [0, 1], "names": list(names), "ranges": np.ptp(X, axis=0).tolist(), "equal": equal}
    told = {"stop_reason": run.stop_reason, "collapsed": [], "happened": []}
    return seen | told | {"sentences": SENTENCES_OF_SEVERAL | OF_CENTRES}


def waits_of(log_likelihoods: Sequence[float] = ()) -> dict:
    """Return what a film says that may not move yet, for the player: it keeps the room of what it will say.

    log_likelihoods: of the iterations up to the one at which it waits, of a film of one run; nothing after that.
    """
    numbers = {"numbers": NUMBERS_OF_WAITING, "log_likelihoods": packed(log_likelihoods, "f8")}
    return {"waits": WAITS} | (numbers if len(log_likelihoods) else {})


def _notable(event: Event) -> list[dict]:
    """Return an event as the player takes it, if it has a sentence there: what, when, to whom, by how much."""
    if event.kind == "degenerate" and event.cause not in ("few_points", "little_weight"):
        what = "shrunk"
    else:
        what = {"empty": "emptied", "decreased": "fell"}.get(event.kind)
    whom = {"t": event.iteration, "components": list(event.components), "amount": event.amount}
    return [{"what": what} | whom] if what else []
