"""What a film says: every sentence, label and word of the player, in one place, and what they need of the run.

A sentence is a template: the player fills in {placeholders} with facts of the two iterations that a stop lies between
(its modules facts.js and sentences.js), and takes "none", "one" or "many" of those that count something.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gmmviz.em import Event, Run
from gmmviz.figures.arrays import packed

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
RUNS = {"at": "{name} {t} of {end}", "ended": "{name} ended at {end}"}
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
    "decreased": "EM stops at iteration {t}: in the next step the floor would make the log-likelihood fall.",
    "collapsed": "EM breaks off at iteration {t}: in the next step Gaussian {k} would shrink to nothing.",
}
"""What happens, in a sentence for each stop; {s} is the iteration shown before, {t} this one."""
NUMBERS = {
    "iteration": ("Iteration", "{t}", "of {last}"),
    "now": ("Log-likelihood now", "{now}", "{gain} in this step"),
    "start": ("Log-likelihood now", "{now}", ""),
    "end": ("at the end", "{end}", ""),
}
"""The numbers beside the sentence: a name, a number, and what stands behind it."""
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
    return {
        "sentences": SENTENCES,
        "directions": DIRECTIONS,
        "numbers": NUMBERS,
        "stop_reason": run.stop_reason,
        "collapsed": [k for event in run.events if event.kind == "collapsed" for k in event.components],
        "log_likelihoods": packed([state.log_likelihood for state in run.states], "f8"),
        "happened": [moment for event in run.events for moment in _notable(event)],
        "features": list(plane),
        "names": list(names),
        "ranges": np.ptp(X, axis=0)[list(plane)].tolist(),
        "equal": equal,
    }


def _notable(event: Event) -> list[dict]:
    """Return an event as the player takes it, if it has a sentence there: what, when, to whom, by how much."""
    if event.kind == "degenerate" and event.cause not in ("few_points", "little_weight"):
        what = "shrunk"
    else:
        what = {"empty": "emptied", "decreased": "fell"}.get(event.kind)
    whom = {"t": event.iteration, "components": list(event.components), "amount": event.amount}
    return [{"what": what} | whom] if what else []
