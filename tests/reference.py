"""The mixture's formulas once more, in 60 decimal digits and the plainest way: what the engine is held against."""

import mpmath
import numpy as np

DIGITS = 60


def log_joint(X, mixture) -> list[list]:
    """Return ln(pi_k N(x_n | k)) as [n][k], by mpmath's determinant and linear solver."""
    with mpmath.workdps(DIGITS):
        components = [
            (mpmath.log(mpmath.mpf(float(w))), [mpmath.mpf(float(v)) for v in m], mpmath.matrix(S.tolist()))
            for w, m, S in zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
        ]
        norms = [
            log_weight - (len(m) * mpmath.log(2 * mpmath.pi) + mpmath.log(mpmath.det(S))) / 2
            for log_weight, m, S in components
        ]
        inverses = [mpmath.inverse(S) for _, _, S in components]
        rows = []
        for x in np.asarray(X, dtype=float):
            deltas = [
                mpmath.matrix([mpmath.mpf(float(v)) - c for v, c in zip(x, m, strict=True)])
                for _, m, _ in components
            ]
            rows.append([n - (d.T * P * d)[0] / 2 for n, d, P in zip(norms, deltas, inverses, strict=True)])
        return rows


def e_step(X, mixture) -> tuple[np.ndarray, float]:
    """Return the responsibilities (N, K) and the log-likelihood, rounded to float64 at the very end."""
    with mpmath.workdps(DIGITS):
        R, total = [], mpmath.mpf(0)
        for row in log_joint(X, mixture):
            log_density = mpmath.log(mpmath.fsum(mpmath.exp(v) for v in row))
            R.append([float(mpmath.exp(v - log_density)) for v in row])
            total += log_density
        return np.array(R), float(total)


def m_step(X, responsibilities) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return weights, means and free covariances under given responsibilities (N, K)."""
    X, R = np.asarray(X, dtype=float), np.asarray(responsibilities, dtype=float)
    with mpmath.workdps(DIGITS):
        N, D = X.shape
        weights, means, covariances = [], [], []
        for r in R.T:
            r = [mpmath.mpf(float(v)) for v in r]
            count = mpmath.fsum(r)
            mean = [
                mpmath.fsum(a * float(b) for a, b in zip(r, X[:, j], strict=True)) / count for j in range(D)
            ]
            Y = [[mpmath.mpf(float(v)) - mean[j] for v in X[:, j]] for j in range(D)]
            S = [
                [
                    mpmath.fsum(a * b * c for a, b, c in zip(r, Y[i], Y[j], strict=True)) / count
                    for j in range(D)
                ]
                for i in range(D)
            ]
            weights.append(float(count / N))
            means.append([float(v) for v in mean])
            covariances.append([[float(v) for v in row] for row in S])
        return np.array(weights), np.array(means), np.array(covariances)
