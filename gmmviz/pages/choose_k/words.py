"""Choosing K: sentences made from the cells' numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gmmviz.criteria import CRITERIA
from gmmviz.em.sentences import counted, listed
from gmmviz.numerals import numeral
from gmmviz.pages.choose_k.numbers import best, hardly_worse, is_sound, lead, name_of, overlap, ranking
from gmmviz.pages.choose_k.settings import TITLES, ChooseK
from gmmviz.selection import Cell

SHORT = {name: criterion.title for name, criterion in CRITERIA.items()} | {"held_out": "Held-out"}
"""The criteria's names where there is little room."""
IN_SENTENCE = SHORT | {"held_out": "held-out log-likelihood"}
"""The same within a sentence."""
STAR = "★"
WIDE = 12
"""Columns of the map up to which its cells have room for words."""
SIGNS = {name: 1 if criterion.lower_is_better else -1 for name, criterion in CRITERIA.items()}
SCALES = {
    "bic": (
        2,
        10,
        "As a rule, less than 2 is hardly worth a mention, and more than 10 is very strong evidence.",
    ),
    "aic": (2, 10, "As a rule, within 2 the two are equally good, and beyond 10 the worse one is out."),
    "icl": (2, 10, "It is read as a difference in BIC is: less than 2 says nothing, more than 10 much."),
}
"""Of each information criterion: up to where a difference says nothing, from where it says much, and that in words."""


# --- Numbers ----------------------------------------------------------------------------------------------------------


def written(value: float, criterion: str) -> str:
    """Return what a criterion says of a cell, as the page writes it; a word where it says nothing.

    >>> written(2633.42, "bic"), written(-2.5876, "held_out"), written(float("nan"), "aic")
    ('2,633.4', '−2.588', 'none')
    """
    if not np.isfinite(value):
        return "none"
    return numeral(value, ".1f" if criterion in SCALES else ".3f")


def starring(cells: Sequence[Cell], criterion: str) -> Callable[[float], str]:
    """Return what writes a column of the table, a criterion's, the best with a star."""
    first = best(cells, criterion)
    top = first.value(criterion) if first else np.nan
    return lambda value: (f"{STAR} " if value == top else "") + written(value, criterion)


def difference(cell: Cell, other: Cell, criterion: str) -> str:
    """Return by how much a criterion says more of a cell than of another, short enough for a cell of the map.

    >>> a, b, c = (Cell(3, "full", 17, scores={"held_out": np.array([score])}) for score in (-2.5, -2.0, -2.0))
    >>> difference(a, b, "held_out"), difference(c, b, "held_out")
    ('−0.500', 'equal')
    """
    gap = cell.value(criterion) - other.value(criterion)
    if _is_nothing(gap, criterion):
        return "equal"
    if criterion not in SCALES:
        return numeral(gap, "+.3f")
    return numeral(gap, "+.1f" if abs(gap) < 9.95 else "+.0f")


def _is_nothing(gap: float, criterion: str) -> bool:
    """Return whether a difference is 0 as the page writes it."""
    return written(gap, criterion) == written(0.0, criterion)


def worse(cell: Cell, other: Cell, criterion: str) -> float:
    """Return by how much a cell is worse than another."""
    return SIGNS[criterion] * (cell.value(criterion) - other.value(criterion))


def note_of(cell: Cell, N: int) -> str:
    """Return why a cell cannot be picked, or what is to be said of its starts; "" where all is well."""
    kinds = [restart.kind for restart in cell.restarts]
    ended = {
        "spurious": "with a component at the floor or on hardly any points",
        "collapsed": "in a collapse",
    }
    if cell.problem in ended:
        return f"no sound fit: every start ended {listed([w for kind, w in ended.items() if kind in kinds])}"
    if cell.n_components > N:
        return f"no fit: there are only {N} points"
    if cell.problem:
        return f"no fit: {cell.problem}"
    odd = [
        f"{kinds.count(kind)} of {counted(len(kinds), 'start')} ended {words}"
        for kind, words in ended.items()
        if kind in kinds
    ]
    if np.isnan(cell.value("held_out")):
        odd.append(TOO_FEW)
    if cell.unsound_folds:
        folds = counted(len(cell.scores["held_out"]), "fold")
        odd.append(f"held out, the fit is not sound for {cell.unsound_folds} of {folds}")
    return ", ".join(odd)


TOO_FEW = "without the points held out there are fewer than components"


def _why_crossed(cell: Cell, N: int) -> str:
    """Return why the criterion shown cannot pick a cell."""
    if cell.problem:
        return note_of(cell, N)
    return "held out, the fit is not sound for some fold" if cell.unsound_folds else TOO_FEW


# --- Which cell wins --------------------------------------------------------------------------------------------------


def which_wins(cells: Sequence[Cell], settings: ChooseK, running: bool) -> str:
    """Return which cell the criterion shown picks, by how much, over which, and what that means."""
    by, title = settings.by, IN_SENTENCE[settings.by]
    first, *others = ranking(cells, by) or [None]
    if first is None:
        return (
            "**No cell has a sound fit yet.**"
            if running
            else "**No cell has a sound fit**: try fewer components, or more points."
        )
    said = [
        f"**{f'So far {title}' if running else begun(title)} picks {name_of(first)}**, at "
        f"{written(first.value(by), by)}{' a point' if by == 'held_out' else ''}"
    ]
    if not others:
        return f"{said[0]}; there is no other sound cell to compare it with."
    said[0] += f", {_ahead(first, others[0], by)}."
    said.append(_meaning(first, others[0], cells, by))
    if first.n_components == settings.ks.high < settings.table()["ks"].high and not running:
        said.append("That is the largest K tried: a wider range may hold a better one.")
    return " ".join(said)


def begun(text: str) -> str:
    """Return a text as the beginning of a sentence.

    >>> begun("held-out log-likelihood"), begun("BIC")
    ('Held-out log-likelihood', 'BIC')
    """
    return text[:1].upper() + text[1:]


def _ahead(first: Cell, second: Cell, by: str) -> str:
    gap = worse(second, first, by)
    way = "lower" if CRITERIA[by].lower_is_better else "higher"
    if _is_nothing(gap, by):
        return f"as good as {name_of(second)}"
    return f"{way} by {written(gap, by)} than the next best, {name_of(second)}"


def _meaning(first: Cell, second: Cell, cells: Sequence[Cell], by: str) -> str:
    if by == "ari":
        return "1 is perfect agreement with the true groups, 0 what chance would give."
    if by == "held_out":
        near = len(hardly_worse(cells)) - 1
        ahead = lead(first, second)
        said = (
            f"From fold to fold the distance between the two varies, with a standard error of "
            f"{numeral(ahead.error, '.3f')}: the lead is {'clear' if ahead.is_clear else 'not clear'}."
        )
        if near:
            others = "one other cell is" if near == 1 else f"{near} other cells are"
            said += f" In all, {others} hardly worse: less than two standard errors behind."
        return said
    little, much, rule = SCALES[by]
    gap = worse(second, first, by)
    verdict = "next to nothing" if gap < little else "a clear lead" if gap > much else "a moderate lead"
    return f"{rule} This is {verdict}."


# --- Side by side -----------------------------------------------------------------------------------------------------


def do_they_agree(cells: Sequence[Cell], criteria: Sequence[str], N: int) -> str:
    """Return whether the criteria pick the same cell, and if not, why, by the numbers of what they pick."""
    picks = {name: cell for name in criteria if (cell := best(cells, name))}
    if not picks:
        return ""
    groups: dict[Cell, list[str]] = {}
    for name, cell in picks.items():
        groups.setdefault(name_of(cell), []).append(IN_SENTENCE[name])
    if len(groups) == 1:
        return f"**All criteria agree** on {next(iter(groups))}."
    ks = {cell.n_components for cell in picks.values()}
    who = "; ".join(f"{listed(names)} pick{'s' * (len(names) == 1)} {cell}" for cell, names in groups.items())
    verdict = f"They agree on K = {ks.pop()}, and not on the type" if len(ks) == 1 else "They disagree"
    reasons = [
        WHY[name](picks[name], picks["bic"], N)
        for name in picks
        if name in WHY and name_of(picks[name]) != name_of(picks["bic"])
    ]
    return "\n".join([f"**{verdict}.** {begun(who)}.\n", *(f"- {reason}" for reason in reasons)])


def _why_aic(aic: Cell, bic: Cell, N: int) -> str:
    more = aic.n_parameters - bic.n_parameters
    gain = 2 * (aic.winner.log_likelihood - bic.winner.log_likelihood)
    return (
        f"AIC charges 2 for each parameter, BIC log N = {numeral(np.log(N), '.2f')}. {name_of(aic)} has "
        f"{counted(more, 'parameter')} more than {name_of(bic)}, and twice its log-likelihood is higher by "
        f"{numeral(gain, '.1f')}: more than AIC's price of {numeral(2.0 * more, '.1f')}, less than BIC's of "
        f"{numeral(more * np.log(N), '.1f')}."
    )


def _why_icl(icl: Cell, bic: Cell, N: int) -> str:
    return (
        f"ICL is BIC and a price for points that several components share: {numeral(overlap(bic), '.1f')} for "
        f"{name_of(bic)}, {numeral(overlap(icl), '.1f')} for {name_of(icl)}."
    )


def _why_held_out(held_out: Cell, bic: Cell, N: int) -> str:
    ahead = lead(held_out, bic)
    verdict = "more than chance" if ahead.is_clear else "no more than chance may do"
    return (
        f"On points held out {name_of(held_out)} leads {name_of(bic)} by {numeral(ahead.mean, '.3f')} a point, with a "
        f"standard error of {numeral(ahead.error, '.3f')}: {verdict}."
    )


def _why_ari(ari: Cell, bic: Cell, N: int) -> str:
    return (
        f"With the true groups {name_of(ari)} agrees best, {numeral(ari.value('ari'), '.3f')} against "
        f"{numeral(bic.value('ari'), '.3f')} for {name_of(bic)}: no other criterion knows them."
    )


WHY = {"aic": _why_aic, "icl": _why_icl, "held_out": _why_held_out, "ari": _why_ari}
"""Why a criterion picks another cell than BIC."""
TIMES = "\u00a0×\u00a0"
"""A product is not broken at the end of a line."""


# --- The guess --------------------------------------------------------------------------------------------------------


def about_the_guess(
    cells: Sequence[Cell], settings: ChooseK, N: int, groups: int | None, running: bool = False
) -> str:
    """Return how the guess compares with what the criterion shown picks, and why; groups: the true number, if seen."""
    guess, by, title = settings.guess, settings.by, IN_SENTENCE[settings.by]
    title = f"so far {title}" if running else title
    first = best(cells, by)
    if first is None:
        return f"You guessed **{guess}**; {title} picks nothing, as no cell has a sound fit."
    K = first.n_components
    same = guess == K
    if same:
        said = [f"You guessed **{guess}**, and {title} picks the same K: {name_of(first)}."]
    else:
        said = [f"You guessed **{guess}**; {title} picks **{name_of(first)}**."]
    rival = best(
        (cell for cell in cells if (cell.n_components != K if same else cell.n_components == guess)), by
    )
    if rival:
        whose = f"Of the other K the best is {name_of(rival)}"
        if not same:
            whose = f"Of the cells with K = {guess} the best is {TITLES[rival.covariance_type].lower()}"
        said.append(f"{whose}: {_against(rival, first, by, N)}")
    elif not same:
        low, high = settings.ks
        if any(cell.n_components == guess for cell in cells):
            why = "has no sound fit"
        else:
            why = "is not fitted yet" if low <= guess <= high else "is not among those tried"
        said.append(f"K = {guess} {why}, so there is nothing to compare.")
    if groups is not None:
        drawn = f"The points were drawn from **{counted(groups, 'group')}**"
        right = {
            (True, True): ": you and the criterion are right.",
            (True, False): ": you are right, and the criterion is not.",
            (False, True): ": the criterion is right.",
            (False, False): ".",
        }
        said.append(drawn + right[guess == groups, K == groups])
    return " ".join(said)


def _against(rival: Cell, first: Cell, by: str, N: int) -> str:
    """Return what a rival's fit gains and costs, against the best."""
    gap = written(worse(rival, first, by), by)
    if by == "held_out":
        ahead = lead(first, rival)
        verdict = "a clear difference" if ahead.is_clear else "the two can hardly be told apart"
        return (
            f"it is behind by {gap} a point on points held out, with a standard error of "
            f"{numeral(ahead.error, '.3f')}: {verdict}."
        )
    if by == "ari":
        if _is_nothing(worse(rival, first, by), by):
            return "it agrees with the true groups as well."
        return f"it agrees less with the true groups, by {gap}."
    more = rival.n_parameters - first.n_parameters
    gain = rival.winner.log_likelihood - first.winner.log_likelihood
    rate = 2.0 if by == "aic" else float(np.log(N))
    title, counts = (
        CRITERIA[by].title,
        f"2{TIMES}{numeral(abs(gain), '.2f')} = {numeral(2 * abs(gain), '.1f')} {'for' if gain > 0 else 'against'} it",
    )
    price = f"{abs(more)}{TIMES}{numeral(rate, '.2f')} = {numeral(abs(more) * rate, '.1f')}"
    said = f"its log-likelihood is {'higher' if gain > 0 else 'lower'} by {numeral(abs(gain), '.2f')}"
    if more > 0:
        said += f", with {counted(more, 'parameter')} more: {title} counts {counts}, and charges {price}"
    elif more < 0:
        said += f", with {counted(-more, 'parameter')} fewer: {title} counts {counts}, and saves it {price}"
    else:
        said += f", with as many parameters: {title} counts {counts}"
    if by == "icl":
        dearer = overlap(rival) - overlap(first)
        said += f"; points that several components share cost it {numeral(abs(dearer), '.1f')} "
        said += "more" if dearer > 0 else "less"
    return f"{said}. So its {title} is worse by {gap}."


# --- The map, and what there is not -----------------------------------------------------------------------------------


def about_the_map(cells: Sequence[Cell], settings: ChooseK, N: int) -> str:
    """Return how to read the map and the curves, and which cells are crossed out, and why."""
    by = settings.by
    way = "lower" if CRITERIA[by].lower_is_better else "higher"
    bands = (
        f"one standard deviation over the {settings.folds} folds, each way"
        if by == "held_out"
        else "from the worst to the best of a cell's sound starts"
    )
    distance = f"how far it is from the best by {IN_SENTENCE[by]} ({way} is better)"
    if settings.ks.high - settings.ks.low < WIDE:
        words = f"In a cell stands {distance}, and p, its number of parameters."
    else:
        words = f"Point at a cell to read {distance}, and its number of parameters."
    said = [
        f"{words} The stronger the tone, the better. The frame marks the cell shown below: click another to see it. "
        f"Curves leave the picture where cells are far worse. Grey bands: {bands}."
    ]
    odd: dict[str, list[Cell]] = {}
    for cell in cells:
        if not is_sound(cell, by):
            odd.setdefault(_why_crossed(cell, N), []).append(cell)
    said += [f"**Crossed out**: {_cells_by_type(some)}: {why}." for why, some in odd.items()]
    return " ".join(said)


def _cells_by_type(cells: Sequence[Cell]) -> str:
    types = dict.fromkeys(cell.covariance_type for cell in cells)
    return "; ".join(
        f"{TITLES[name].lower()} at K = "
        + stretches([cell.n_components for cell in cells if cell.covariance_type == name])
        for name in types
    )


def stretches(numbers: Sequence[int]) -> str:
    """Return whole numbers, ascending, in words: three or more in a row by the first and the last.

    >>> stretches([4]), stretches([4, 5]), stretches([1, 3, 4, 5, 6, 9])
    ('4', '4 and 5', '1, 3 to 6 and 9')
    """
    rows: list[list[int]] = []
    for n in numbers:
        if rows and rows[-1][-1] == n - 1:
            rows[-1].append(n)
        else:
            rows.append([n])
    return listed(
        part for row in rows for part in ([f"{row[0]} to {row[-1]}"] if len(row) > 2 else map(str, row))
    )


def why_no_film(settings: ChooseK, cell: Cell | None, N: int) -> str:
    """Return why there is no film: of a cell without any fit, or where there is no such cell (yet)."""
    if cell is not None:
        return f"There is nothing to show of {name_of(cell)} ({note_of(cell, N)}). Choose another cell."
    if not settings.k:
        return (
            "No cell has a sound fit, so there is no best one to show: choose one, and see what became of it."
        )
    asked = (settings.k, settings.covariance)
    name = f"K = {settings.k}, {TITLES[settings.covariance].lower()}"
    if asked in settings.cells:
        return f"{name} is not fitted yet."
    return f"{name} is not among the cells tried: widen the range of K or the types on the left, or choose another."
