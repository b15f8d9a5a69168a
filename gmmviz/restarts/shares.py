"""How many starts it takes: the share of them that hits, and the number for one hit."""

from __future__ import annotations

from math import ceil, log


def share_interval(hits: int, starts: int, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of shares that so many hits among so many starts allow (Clopper & Pearson 1934).

    Parameters
    ----------
    hits, starts : int
        0 <= hits <= starts, starts > 0.
    level : float, default=0.95
        How often, at least, the interval holds the true share.

    Raises
    ------
    ValueError
        For other numbers.

    Examples
    --------
    >>> [round(share, 3) for share in share_interval(1, 100)]
    [0.0, 0.054]
    """
    if not (0 <= hits <= starts and starts > 0):
        raise ValueError(
            f"{hits} hits among {starts} starts: give 0 <= hits <= starts, and at least one start."
        )
    from scipy.stats import beta  # here, as it takes long to load

    outside = (1 - level) / 2
    low = beta.ppf(outside, hits, starts - hits + 1) if hits else 0.0
    high = beta.ppf(1 - outside, hits + 1, starts - hits) if hits < starts else 1.0
    return float(low), float(high)


def starts_needed(share: float, probability: float = 0.95) -> int | None:
    """Return how many starts it takes for one of them to hit, with this probability, what a share of all starts hits.

    None where the share is 0: no number is enough.

    >>> starts_needed(0.5), starts_needed(0.01), starts_needed(1.0), starts_needed(0.0)
    (5, 299, 1, None)
    """
    if share <= 0:
        return None
    return 1 if share >= probability else ceil(log(1 - probability) / log(1 - share) - 1e-9)
