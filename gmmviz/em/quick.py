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

from functools import partial, reduce
from threading import local

import numpy as np

from gmmviz.em.careful import FEW, LARGEST, LOG_2PI, blocks, normalise, normalise_at_once
from gmmviz.em.families import Full
from gmmviz.threads import mapped, one_blas_thread

BLOCK_BYTES = 1 << 21
"""What a block of points takes, features and densities together: little enough for a processor's cache, and so much
that two threads, which pass Python's lock to and fro between numpy's operations, are not held up by that."""
KEEP_BYTES = 64 << 20
"""Features that need more memory than this are not kept, but made anew in every iteration, block by block."""


class Features:
    """The features phi(x_n) (P,) of points X (N, D) in a family's coordinates, ready for one pass after another.

    farthest: how far the points reach from 0 in each of these coordinates (D,).
    n_threads: how many share out the blocks of a pass among them, which changes no digit.
    """

    def __init__(self, X: np.ndarray, family: Full, farthest: np.ndarray, n_threads: int = 1):
        self.X, self.family, self.n_threads, (self.N, D) = X, family, n_threads, X.shape
        self.log_volume = self.N * float(np.log(family.scale).sum() + 0.5 * D * LOG_2PI)
        self._phi, self._cuts, self._own = None, {}, local()
        reach = np.zeros((family.size, 1))
        reach[1 : 1 + D, 0] = farthest
        family.fill(reach)
        self._reach = reach[:, 0]  # (P,), the largest that each feature can be, without its sign
        if 8 * self.N * family.size <= KEEP_BYTES:
            phi = np.empty((family.size, self.N))
            for block in self._blocks():
                self._fill(phi[:, block], block)
            self._phi = phi
        for block in self._blocks():
            family.survey(self.at(block))

    def at(self, block: slice) -> np.ndarray:
        """Return the features (P, n) of a block of points."""
        if self._phi is not None:
            return self._phi[:, block]
        return self._fill(np.empty((self.family.size, block.stop - block.start)), block)

    def sums(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return sum_n r_nk phi(x_n) (..., K, P) and the log-likelihoods (...) at natural parameters (..., K, P)."""
        n_densities = theta.size // self.family.size  # of each point
        cuts = self._blocks(n_densities)
        bounded = None if n_densities * cuts[0].stop < FEW else self._is_bounded(theta)
        with one_blas_thread(theta.size * cuts[0].stop):
            if len(cuts) == 1:
                # dot() has half the overhead of matmul(); but it copies a slice of a longer array.
                sums, log_likelihoods = self._of_block(theta, bounded, np.dot, cuts[0])
            else:
                parts = mapped(partial(self._of_block, theta, bounded, np.matmul), cuts, self.n_threads)
                sums, log_likelihoods = (reduce(np.add, part) for part in zip(*parts, strict=True))
        return sums.reshape(theta.shape), log_likelihoods - self.log_volume

    def _is_bounded(self, theta: np.ndarray) -> bool:
        """Return whether exp() takes all log-densities as they are at theta (..., K, P), wherever the points are."""
        return bool(np.max(np.abs(theta) @ self._reach) < LARGEST)

    def _of_block(self, theta: np.ndarray, bounded: bool | None, product, block: slice):
        """Return what a block of points adds to the sums, as (R, P), and to the log-likelihoods (...).

        bounded: what `_is_bounded` says; None where there are too few densities to ask.
        """
        phi, rows = self.at(block), theta.reshape(-1, theta.shape[-1])
        r = product(rows, phi, out=self._room(len(rows), phi.shape[1]))
        R = r.reshape(*theta.shape[:-1], -1)
        log_densities = None if bounded is None else normalise_at_once(R, bounded)
        if log_densities is None:
            if bounded is not None:  # in vain, and it has written over them
                product(rows, phi, out=r)
            log_densities = normalise(R)
        return product(r, phi.T), np.add.reduce(log_densities, axis=-1)

    def _room(self, *shape: int) -> np.ndarray:
        """Return an array to overwrite, a thread's own, and the same memory each time: fresh pages take long."""
        size, room = shape[0] * shape[1], getattr(self._own, "room", None)
        if room is None or size > room.size:
            room = self._own.room = np.empty(size)
        return room[:size].reshape(shape)

    def _blocks(self, n_densities: int = 0) -> list[slice]:
        """Cut the points into slices whose features, and n_densities numbers more each, stay in the cache."""
        if n_densities not in self._cuts:
            point_bytes = 8 * (self.family.size + n_densities)
            self._cuts[n_densities] = blocks(self.N, point_bytes, BLOCK_BYTES)
        return self._cuts[n_densities]

    def _fill(self, phi: np.ndarray, block: slice) -> np.ndarray:
        """Write the features of a block of points into phi (P, n), and return it."""
        Z = phi[1 : 1 + self.X.shape[1]]
        np.subtract(self.X[block].T, self.family.centre[:, None], out=Z)
        Z *= self.family.per_scale[:, None]
        self.family.fill(phi)
        return phi
