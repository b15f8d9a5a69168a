"""The M-step for few components in one or two features, in Python's own numbers.

An operation on arrays takes about a microsecond, however small they are, and between the sums over the points and the
next natural parameters there are some forty: on a few hundred points they take longer than the pass over the points.
Three components in two features are a dozen numbers, with which Python itself is done in a third of the time; from
about MOST components on the arrays are quicker again.

The formulas are those of `families` and `update`, written out once for one feature and once for two, where the matrix
(a b; b d) has the inverse (d -b; -b a) / (a d - b b). All that is unusual is left to the arrays. The numbers are theirs
but for the last digits; and theta is made of the parameters as they are returned, rounded in the data's units, so that
a state's log-likelihood is that of its own mixture.
"""

from __future__ import annotations

from math import log
from operator import itemgetter

import numpy as np

from gmmviz.em.careful import LOST
from gmmviz.em.families import Full

MOST = 12
"""The largest number of components for which it pays."""


class OneFeature:
    """The M-step of a family that has surveyed its points, of one feature: every covariance is a variance a."""

    def __init__(self, family: Full):
        self.N, self.extent, self.size, self.shared = family.N, family.extent, family.size, family.shared
        self.centre, self.scale, self.per_scale = (
            part.tolist() for part in (family.centre, family.scale, family.per_scale)
        )
        self.own = 0.0 if family.diagonal else 1.0  # whether the growth counts sum_j P_jj Sigma_jj
        # What is of second order and left out of the features; 0 adds nothing.
        self.scatter = (family.scatter if family.shared else np.zeros((family.D, family.D))).tolist()

    def maximise(self, sums: np.ndarray, addend: np.ndarray) -> tuple[np.ndarray, ...] | None:
        """Turn sums (K, P) of r_nk phi(x_n) into weights, means, covariances, theta and growth; add (D, D) `addend`.

        Return None where a component has lost its points or its covariance is not positive definite.
        """
        K, D = len(sums), len(addend)
        try:
            found = self._found(self._central(sums.tolist()), addend.tolist())
        except ZeroDivisionError:  # a component has lost all it had
            return None
        if found is None:
            return None
        weights, means, covariances, theta, growth = map(np.array, found)
        return weights, means.reshape(K, D), covariances.reshape(K, D, D), theta, growth

    def _central(self, rows):
        """Return each component's count, mean and variance, in the family's coordinates."""
        if not self.shared:
            return [(n, (mean := x / n), xx / n - mean * mean) for n, x, xx in rows]
        variance = (self.scatter[0][0] - sum([x * x / n for n, x in rows])) / self.N
        return [(n, x / n, variance) for n, x in rows]

    def _found(self, central, addend):
        """Return the numbers of `maximise` in lists, the first three of them flat; None as there."""
        (c,), (s,), (per,) = self.centre, self.scale, self.per_scale
        ((t,),), ((floor,),) = self.scatter, addend
        N, own, extent, size = self.N, self.own, self.extent, self.size
        weights, means, covariances, theta, growth = [], [], [], [], []
        for n, x, a in central:
            weight, x, a = n / N, x * s + c, a * (s * s) + floor  # what the state keeps
            weights.append(weight)
            means.append(x)
            covariances.append(a)
            x, a = (x - c) * per, a * (per * per)
            if not (weight > LOST and a > 0.0):
                return None
            p = 1.0 / a
            u = p * x
            theta.append((log(weight) - 0.5 * (log(a) + p * t / N + x * u), u, -0.5 * p)[:size])
            growth.append(p * (x * x + own * a + extent))
        return weights, means, covariances, theta, growth


class TwoFeatures(OneFeature):
    """Likewise of two features: every covariance is a matrix (a b; b d)."""

    def __init__(self, family: Full):
        super().__init__(family)
        if family.shared:
            self._central, taken = self._shared, (0, 1, 2)
        elif family.isotropic:
            self._central, taken = _round, (0, 1, 2, 3)
        elif family.diagonal:
            self._central, taken = _upright, (0, 1, 2, 3, 5)
        else:
            self._central, taken = _free, (0, 1, 2, 3, 4, 5)
        self._taken = itemgetter(*taken)  # of (1, x, y, x x, x y, y y), which features the family has

    def _shared(self, rows):
        ((a, b), (_, d)), N = self.scatter, self.N
        for n, x, y in rows:
            a, b, d = a - x * x / n, b - x * y / n, d - y * y / n
        return [(n, x / n, y / n, a / N, b / N, d / N) for n, x, y in rows]

    def _found(self, central, addend):
        (c0, c1), (s0, s1), (per0, per1) = self.centre, self.scale, self.per_scale
        s00, s01, s11, per00, per01, per11 = s0 * s0, s0 * s1, s1 * s1, per0 * per0, per0 * per1, per1 * per1
        ((t0, t1), (_, t2)), ((floor0, _), (_, floor1)), N = self.scatter, addend, self.N
        t0, t1, t2, own, extent, taken = t0 / N, 2.0 * t1 / N, t2 / N, self.own, self.extent, self._taken
        weights, means, covariances, theta, growth = [], [], [], [], []
        for n, x, y, a, b, d in central:
            weight, x, y = n / N, x * s0 + c0, y * s1 + c1
            a, b, d = a * s00 + floor0, b * s01, d * s11 + floor1  # what the state keeps
            weights.append(weight)
            means += (x, y)
            covariances += (a, b, b, d)
            x, y, a, b, d = (x - c0) * per0, (y - c1) * per1, a * per00, b * per01, d * per11
            det = a * d - b * b
            if not (weight > LOST and a > 0.0 and det > 0.0):
                return None
            per_det = 1.0 / det
            p, q, r = d * per_det, -b * per_det, a * per_det
            u, v = p * x + q * y, q * x + r * y
            first = log(weight) - 0.5 * (log(det) + p * t0 + q * t1 + r * t2 + x * u + y * v)
            theta.append(taken((first, u, v, -0.5 * p, -q, -0.5 * r)))
            growth.append(p * (x * x + own * a + extent) + r * (y * y + own * d + extent))
        return weights, means, covariances, theta, growth


def _free(rows):
    """Return each component's count, means, a, b and d, in the family's coordinates."""
    return [
        (n, (mx := x / n), (my := y / n), xx / n - mx * mx, xy / n - mx * my, yy / n - my * my)
        for n, x, y, xx, xy, yy in rows
    ]


def _upright(rows):
    return [
        (n, (mx := x / n), (my := y / n), xx / n - mx * mx, 0.0, yy / n - my * my) for n, x, y, xx, yy in rows
    ]


def _round(rows):
    return [
        (n, (mx := x / n), (my := y / n), (a := 0.5 * (squares / n - mx * mx - my * my)), 0.0, a)
        for n, x, y, squares in rows
    ]


def of(family: Full) -> OneFeature | None:
    """Make the M-step of a family that has surveyed its points; None where there are more than two features."""
    return {1: OneFeature, 2: TwoFeatures}[family.D](family) if family.D <= 2 else None
