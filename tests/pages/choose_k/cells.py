"""Cells made by hand, and a small study."""

from functools import cache

import numpy as np

from gmmviz.criteria import n_parameters
from gmmviz.em import Mixture
from gmmviz.pages.choose_k.numbers import done_of, study
from gmmviz.pages.choose_k.settings import ChooseK
from gmmviz.restarts import Restart
from gmmviz.selection import Cell
from gmmviz.settings import Ends

ONE = Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])
REASONS = {"optimum": "converged", "spurious": "converged", "collapsed": "collapsed"}


def made(K, covariance_type="full", log_likelihood=-100.0, kinds=("optimum",), seed=0, **values):
    """Return a cell whose starts are of these kinds; each further criterion says one number, or one of each start."""
    restarts = tuple(
        Restart(r, "k-means++", np.array([-999.0, log_likelihood]), ONE, REASONS[kind], kind == "spurious")
        for r, kind in enumerate(kinds)
    )
    of_folds = values.pop("held_out", np.nan)
    scores = {name: np.broadcast_to(value, len(kinds)).astype(float) for name, value in values.items()}
    scores["held_out"] = np.atleast_1d(of_folds).astype(float)
    winner = next((one for one in restarts if one.kind == "optimum"), restarts[0])
    problem = "" if winner.kind == "optimum" else winner.kind
    free = n_parameters(K, 2, covariance_type)
    return Cell(K, covariance_type, free, restarts, winner, seed + winner.number, scores, problem)


def refused(K, problem="n_components is 25, but there are only 20 points."):
    """Return a cell without any fit."""
    return Cell(K, "full", n_parameters(K, 2), problem=problem)


SMALL = ChooseK(dataset="stretched", n=240, ks=Ends(1, 4), types=("full", "tied"), restarts=3, folds=3)


@cache
def small():
    """Return a small study that is done, and its cells."""
    done = study(SMALL, SMALL.data())
    done.advance(SMALL.cells)
    return done, done_of(done, SMALL)
