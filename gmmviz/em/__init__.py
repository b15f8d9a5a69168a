"""EM for Gaussian mixtures: the algorithm, its history, and what happened on the way.  Needs numpy alone.

algorithm.py    the E-step, the M-step and the loop, as the textbook writes them; many.py the same for many runs at
                once, stream.py for one start after another
fitting.py      em, fit, Ascent, fit_many, fit_stream: what is asked for, checked and run
stopping.py     when to stop; update.py what the M-step adds and holds
history.py      Mixture, State, Event, Run, Outcome; events.py what happened, as facts; sentences.py the same in words
families.py     all that depends on the covariance type; few.py the M-step for few components, in Python's own numbers
points.py       the data made ready, and the choice between the two kernels, quick.py and careful.py
validation.py   what may come in
"""

from gmmviz.em.algorithm import e_step, m_step
from gmmviz.em.families import COVARIANCE_TYPES
from gmmviz.em.fitting import Ascent, em, fit, fit_many, fit_many_steps, fit_stream, whole
from gmmviz.em.history import EVENT_KINDS, Ending, Event, Mixture, Outcome, Run, State
from gmmviz.em.stopping import CRITERIA, STOP_REASONS
from gmmviz.em.validation import as_data

__all__ = [
    "COVARIANCE_TYPES",
    "CRITERIA",
    "EVENT_KINDS",
    "STOP_REASONS",
    "Ascent",
    "Ending",
    "Event",
    "Mixture",
    "Outcome",
    "Run",
    "State",
    "as_data",
    "e_step",
    "em",
    "fit",
    "fit_many",
    "fit_many_steps",
    "fit_stream",
    "m_step",
    "whole",
]
