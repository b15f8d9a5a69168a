"""Which iterations become frames, and what a frame is called."""

import numpy as np

MAX_FRAMES = 100


def chosen_iterations(last: int, at_most: int, keep: int = 0) -> list[int]:
    """Return which of the iterations 0 ... last become frames: all, or the first ten, the last, `keep` and a spread.

    Parameters
    ----------
    last : int
        The run's last iteration.
    at_most : int
        How many frames there may be, at least 12.
    keep : int
        An iteration that must be among them; the start by default.

    Examples
    --------
    >>> chosen_iterations(4, 100)
    [0, 1, 2, 3, 4]
    >>> len(chosen_iterations(640, 100, keep=333)), 333 in chosen_iterations(640, 100, keep=333)
    (100, True)
    """
    if last < at_most:
        return list(range(last + 1))
    kept = {*range(10), last, min(keep, last)}
    spread = np.linspace(10, last, at_most - len(kept) + 2).round().astype(int)[1:-1]
    free = [t for t in spread if t not in kept]
    more = (t for t in range(10, last) if t not in kept and t not in free)  # where rounding met a kept one
    while len(free) + len(kept) < at_most:
        free.append(next(more))
    return sorted(int(t) for t in kept.union(free))


def whole_label(iteration: int, last: int) -> str:
    """Return a whole iteration's label beside the buttons."""
    return f"Iteration {iteration:,} of {last:,}" if iteration else f"The start (iteration 0 of {last:,})"
