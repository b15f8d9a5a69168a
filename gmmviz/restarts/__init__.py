"""Many starts on one setting: what each comes to, which came to the same optimum, and how many starts it takes.

EM climbs to the nearest hilltop only, so it is started again and again and the best end is kept. Two ends are the same
optimum if their log-likelihoods agree and their components do, up to a permutation.

fits.py      fits from one start after another, and what each came to
groups.py    which came to the same: how far mixtures are apart, and starts grouped by it
shares.py    how large a share of the starts hits, and how many it takes
"""

from gmmviz.restarts.fits import KINDS, Restart, Sweep, fit_starts, is_degenerate
from gmmviz.restarts.groups import Optimum, apart, letters, matched, optima, reordered
from gmmviz.restarts.shares import share_interval, starts_needed

__all__ = [
    "KINDS",
    "Optimum",
    "Restart",
    "Sweep",
    "apart",
    "fit_starts",
    "is_degenerate",
    "letters",
    "matched",
    "optima",
    "reordered",
    "share_interval",
    "starts_needed",
]
