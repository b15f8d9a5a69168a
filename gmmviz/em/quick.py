"""One pass over the data as two matrix products: the quick kernel.  Numpy only.

A mixture's K log-joint densities are linear in P features phi(x) = (1, x, x x') of a point (see `families`), and the
M-step's moments are sums of the same features. With the features of all points side by side in Phi (P, N):

    E-step    ln(pi_k N(x_n | m_k, Sigma_k))                 =  Theta @ Phi        (K, P) @ (P, N)
    M-step    N_k,  N_k m_k,  sum_n r_nk x_n x_n'            =  R @ Phi'           (K, N) @ (N, P)

The first is Gaussians written as an exponential family, the second the expectation of its sufficient statistics, which
is all that EM needs to know of the data (Dempster, Laird & Rubin 1977, section 2; Bishop 2006, sections 2.4 and 9.4;
Neal & Hinton 1998). Between the two stand one exp() a point and component, and a few cheap passes over a (K, n) block
small enough for the processor's cache; the responsibilities of all points never stand in memory at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import inf, prod
from threading import local

import numpy as np

from gmmviz.em.careful import FEW, LOG_2PI, blocks, normalise
from gmmviz.em.families import Full
from gmmviz.threads import mapped, one_blas_thread, workers

KEEP_BYTES = 64 << 20
"""Features that need more memory than this are not kept, but made anew in every iteration, block by block."""
HELD = 500
"""Of a product with so few numbers for its result or fewer, however long it takes, matmul() keeps Python's lock."""

ONE_IN, NO_MORE = 61, 512
"""Whether it pays to clip the log-densities of all points is judged by one in so many, and so many at most."""
GOLDEN = 0.5 * (5**0.5 - 1)

LARGEST = 640.0
"""To this, and to this below 0, log-densities are clipped."""
FAINT, DENSE = 1e-77, 1e40
"""A point with a density between these needs no largest part taken out before exp(): beside the one e^-LARGEST is a
share below `LOST`, and beside the other still one above 0."""


class Features:
    """The features phi(x_n) (P,) of points X (N, D) in a family's coordinates, ready for one pass after another.

    n_threads: how many share out the blocks of a pass among them, which changes no digit.
    """

    def __init__(self, X: np.ndarray, family: Full, n_threads: int = 1):
        self.X, self.family, self.n_threads, (self.N, D) = X, family, n_threads, X.shape
        self.log_volume = self.N * float(np.log(family.scale).sum() + 0.5 * D * LOG_2PI)
        self._phi, self._cuts, self._own = None, {}, local()
        if 8 * self.N * family.size <= KEEP_BYTES:
            phi = np.empty((family.size, self.N))
            for block in self._blocks():
                self._fill(phi[:, block], X[block])
            self._phi = phi
        with one_blas_thread():
            for block in self._blocks():
                family.survey(self.at(block))
        n_some = min(-(-self.N // ONE_IN), NO_MORE)
        some = np.arange(n_some) * GOLDEN % 1.0 * self.N  # in no step with groups that come in turn
        self._some = self._fill(np.empty((family.size, n_some)), X[some.astype(int)])

    def at(self, block: slice) -> np.ndarray:
        """Return the features (P, n) of a block of points."""
        if self._phi is not None:
            return self._phi[:, block]
        return self._fill(np.empty((self.family.size, block.stop - block.start)), self.X[block])

    def sums(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return sum_n r_nk phi(x_n) (..., K, P) and the log-likelihoods (...) at natural parameters (..., K, P)."""
        n_densities = theta.size // self.family.size  # of each point
        cuts = self._blocks(n_densities)
        few = n_densities * cuts[0].stop < FEW
        # A product with a vector BLAS shares out long before one of two matrices.
        with one_blas_thread(theta.size * cuts[0].stop if few and n_densities > 1 else inf):
            clips = None if few else self._some_are_far(theta)
            sums, log_likelihoods = self._over(cuts, theta, clips)
            if clips is False and not sums[:, 0].all():  # a component has no share in any point
                sums, log_likelihoods = self._over(cuts, theta, True)
        return sums.reshape(theta.shape), log_likelihoods - self.log_volume

    def _some_are_far(self, theta: np.ndarray) -> bool:
        """Return whether any of some points has a log-density below -LARGEST at theta (..., K, P)."""
        rows = theta.reshape(-1, theta.shape[-1])
        return bool(np.minimum.reduce(np.dot(rows, self._some), None) < -LARGEST)

    def _over(self, cuts: list[slice], theta: np.ndarray, clips: bool | None) -> tuple:
        """Return what all blocks add up to."""
        if len(cuts) == 1:
            return self._of_block(theta, clips, False, cuts[0])
        waits = theta.size <= HELD and workers(len(cuts), self.n_threads) > 1
        parts = mapped(partial(self._of_block, theta, clips, waits), cuts, self.n_threads)
        return tuple(np.add.reduce(part) for part in zip(*parts, strict=True))

    @np.errstate(over="ignore", under="ignore")  # which is a thread's own
    def _of_block(self, theta: np.ndarray, clips: bool | None, waits: bool, block: slice) -> tuple:
        """Return what a block of points adds to the sums, as (rows, P), and to the log-likelihoods (...).

        clips: see `exponentials`; None where there are too few densities to do without a look at each.
        waits: whether other threads would have to wait for the sums of matmul(), see HELD.
        """
        phi, rows = self.at(block), theta.reshape(-1, theta.shape[-1])
        r = _product(phi)(rows, phi, out=self._room("densities", len(rows), phi.shape[1]))
        R = r.reshape(*theta.shape[:-1], -1)
        totals = None
        if clips is not None:
            totals = exponentials(R, clips, self._room("totals", *theta.shape[:-2], 1, phi.shape[1]))
            if totals is None:  # and it has written over them
                _product(phi)(rows, phi, out=r)
        if totals is None:
            log_densities = normalise(R)
        else:
            if R.ndim == 2 and len(phi) <= len(R):  # of a product's two factors the shorter one is divided
                phi = np.divide(phi, totals, out=self._room("features", *phi.shape))
            else:
                R /= totals
            log_densities = np.log(totals, out=totals)[..., 0, :]
        if waits and not phi.flags.c_contiguous:
            phi = np.positive(
                phi, out=self._room("features", *phi.shape)
            )  # a copy, so that dot() can take it
        return _product(phi)(r, phi.T), np.add.reduce(log_densities, axis=-1)

    def _room(self, name: str, *shape: int) -> np.ndarray:
        """Return an array to overwrite, a thread's own, and the same memory each time: fresh pages take long."""
        size, room = prod(shape), getattr(self._own, name, None)
        if room is None or size > room.size:
            room = np.empty(size)
            setattr(self._own, name, room)
        return room[:size].reshape(shape)

    def _blocks(self, n_densities: int = 0) -> list[slice]:
        """Cut the points into slices whose features, and n_densities numbers more each, stay in the cache."""
        if n_densities not in self._cuts:
            point_bytes = 8 * (self.family.size + n_densities)
            self._cuts[n_densities] = blocks(self.N, point_bytes)
        return self._cuts[n_densities]

    def _fill(self, phi: np.ndarray, X: np.ndarray) -> np.ndarray:
        """Write the features of points X (n, D) into phi (P, n), and return it."""
        Z = phi[1 : 1 + X.shape[1]]
        np.subtract(X.T, self.family.centre[:, None], out=Z)
        Z *= self.family.per_scale[:, None]
        self.family.fill(phi)
        return phi


def _product(phi: np.ndarray) -> Callable:
    """Return what multiplies with features (P, n): dot() has half the overhead of matmul(), but copies slices."""
    return np.dot if phi.flags.c_contiguous else np.matmul


def exponentials(log_joint: np.ndarray, clips: bool, totals: np.ndarray) -> np.ndarray | None:
    """Turn ln(pi_k p(x_n | k)), (..., K, n), into its exponentials in place; return `totals` (..., 1, n), over all k.

    Return None, and leave rubbish in place, where a point's density is not one that exp() takes as it is, from FAINT to
    DENSE. What is below -LARGEST counts as e^-LARGEST where `clips` says so; else it becomes 0 or nearly so, which
    takes exp() far longer.
    """
    if clips:
        log_joint.clip(-LARGEST, LARGEST, out=log_joint)
    np.exp(log_joint, out=log_joint)
    ones = np.ones((1, log_joint.shape[-2]))
    np.matmul(ones, log_joint, out=totals)  # on many points sooner done than add.reduce()
    sound = np.minimum.reduce(totals, None) > FAINT and np.maximum.reduce(totals, None) < DENSE
    return totals if sound else None
