"""The explorer: what is seen before anything moves, in plain words."""

from gmmviz.em import Run
from gmmviz.experiment import Experiment
from gmmviz.numerals import numeral

NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
SHAPES = {
    "full": ("", ""),
    "tied": ("", " of one shape"),
    "diag": ("upright ", ""),
    "spherical": ("round ", ""),
}
"""What a covariance type makes of the curves, before and after their name: no longer than a glance."""


def in_words(n: int) -> str:
    """Return a small number in words, a larger one in digits.

    >>> in_words(3), in_words(16)
    ('three', '16')
    """
    return NUMBERS[n] if n < len(NUMBERS) else numeral(n)


def opening(experiment: Experiment, n_points: int) -> tuple[str, str]:
    """Return a title and a sentence that say what is seen.

    >>> opening(Experiment(), 500)[0]
    '500 points, and three bell curves looking for their groups'
    >>> opening(Experiment(k=1, covariance="spherical"), 272)[0]
    '272 points, and one round bell curve'
    """
    before, after = SHAPES[experiment.covariance]
    many = experiment.k > 1
    what = f"{before}bell curve{'s' if many else ''}{after if many else ''}"
    title = f"{numeral(n_points)} points, and {in_words(experiment.k)} {what}"
    if not many:
        return (
            title,
            "Nothing to find out here: it goes straight to the middle of the points. Press **Play**.",
        )
    return (
        f"{title} looking for their groups",
        "Press **Play**: points and curves take turns until they agree. The rings show each curve, a Gaussian, "
        "from above.",
    )


def fails(run: Run, better: Run, seed: int) -> str:
    """Return what is wrong with the end of a run, beside a better one on the same points, from this start seed."""
    end, best = (one.states[-1].log_likelihood for one in (run, better))
    return (
        f"A lower hilltop: start seed {numeral(seed)} reaches {numeral(best, '.1f')}, which is "
        f"{numeral(best - end, '.0f')} higher. EM only climbs, so it cannot leave."
    )


def still_to_draw(there: int, lacking: int, K: int) -> tuple[str, str]:
    """Return a title and a sentence where too few points are drawn.

    >>> still_to_draw(0, 3, 3)[0], still_to_draw(2, 1, 3)[0]
    ('Draw your own points', 'Draw one more point')
    """
    first = "Click or tap in the plane: each click is a point, **Spray** adds many at once."
    curves = "bell curve needs" if K == 1 else "bell curves need"
    need = f"{in_words(K).capitalize()} {curves} at least {in_words(max(2, K))} points."
    if not there:
        return "Draw your own points", f"{first} {need}"
    return f"Draw {in_words(lacking)} more point{'s' * (lacking > 1)}", f"{need} {first}"
