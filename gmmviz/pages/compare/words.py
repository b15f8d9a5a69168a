"""Compare: sentences made from the panels' numbers."""

from __future__ import annotations

from collections.abc import Sequence

from gmmviz.em.sentences import counted, listed
from gmmviz.numerals import numeral
from gmmviz.pages.compare.numbers import FOLDS, HELD_OUT_POINTS, Row, best

SAME = 1e-3
"""Log-likelihoods per point that differ by less are those of one optimum: runs stop before they have reached it."""


def optima(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows in groups that ended equally high, the highest first; collapsed runs are in none."""
    found: list[list[Row]] = []
    ended = [row for row in rows if row.stop_reason != "collapsed"]
    for row in sorted(ended, key=lambda row: -row.log_likelihood):
        if found and found[-1][0].log_likelihood - row.log_likelihood <= SAME * row.n_points:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def what_differs(rows: Sequence[Row], vary: str, same_points: bool) -> str:
    """Return what differs between the panels, and what follows from it.

    Parameters
    ----------
    rows : sequence of Row
    vary : str
        The setting that is varied.
    same_points : bool
        Whether all panels show the same points.
    """
    said = [_collapsed(rows)]
    if len(rows) - len([row for row in rows if row.stop_reason == "collapsed"]) > 1:
        if not same_points:
            said += [_other_points(rows)]
        elif len({row.parameters for row in rows}) > 1:
            said += [_models(rows)]
        else:
            said += [_hilltops(rows)]
    said += [_iterations(rows), FOLLOWS[vary]]
    return " ".join(filter(None, said))


def _collapsed(rows: Sequence[Row]) -> str:
    gone = [row.letter for row in rows if row.stop_reason == "collapsed"]
    if not gone:
        return ""
    verb = "has" if len(gone) == 1 else "have"
    return f"**{listed(gone)} {verb} collapsed**: the likelihood there is worth nothing, and wins nothing."


def _other_points(rows: Sequence[Row]) -> str:
    return "Each panel has points of its own, so neither log-likelihood nor BIC can be compared between them."


def _models(rows: Sequence[Row]) -> str:
    """Return which BIC prefers, where the panels have different numbers of parameters."""
    i = best(rows, "bic", same_points=True)
    ordered = sorted((row for row in rows if row.stop_reason != "collapsed"), key=lambda row: row.bic)
    first, second = ordered[:2]
    richest = max(ordered, key=lambda row: row.log_likelihood)
    words = (
        f"**BIC prefers {rows[i].letter}, {rows[i].title}**, by {numeral(second.bic - first.bic, '.3g')} before "
        f"{second.letter}."
    )
    if richest.letter != first.letter:
        words += (
            f" {richest.letter} fits these points best, but needs {richest.parameters} free numbers for it, "
            f"{first.letter} {first.parameters}."
        )
    return words


def _hilltops(rows: Sequence[Row]) -> str:
    """Return who ended where, of panels with the same number of parameters."""
    groups = optima(rows)
    top = groups[0]
    if len(groups) == 1:
        return f"**All of them end equally high**, at a log-likelihood of {numeral(top[0].log_likelihood, '.1f')}."
    lower = [
        f"{_letters(group)} lower by {numeral(top[0].log_likelihood - group[0].log_likelihood, '.3g')}"
        for group in groups[1:]
    ]
    verb = "ends" if len(top) == 1 else "end"
    return (
        f"**{_letters(top)} {verb} highest**, at {numeral(top[0].log_likelihood, '.1f')}; {', '.join(lower)}."
    )


def _letters(rows: Sequence[Row]) -> str:
    return listed(sorted(row.letter for row in rows))


def _iterations(rows: Sequence[Row]) -> str:
    fewest, most = (choose(rows, key=lambda row: row.iterations) for choose in (min, max))
    if fewest.iterations == most.iterations:
        return f"All take {counted(most.iterations, 'iteration')}."
    taken = counted(most.iterations, "iteration")
    return f"From {numeral(fewest.iterations)} ({fewest.letter}) to {taken} ({most.letter})."


FOLLOWS = {
    "covariance": "The shape that is allowed decides what a group can be; with fewer free numbers few points suffice.",
    "init": "EM climbs to the hilltop nearest to its start, so a start is a choice of hilltop.",
    "init_seed": "The same way to start, other random numbers: when the ends differ, one run says little. Try many.",
    "k": "More components always fit these points better; BIC asks whether they are worth their numbers.",
    "floor": "The floor says how thin a component may become, and so how far the likelihood can go.",
    "tol": "The tolerance says when EM stops, not where it is going: a run that stopped early is only less far.",
    "n": "More points say more surely where the groups are.",
    "noise": "The more the groups overlap, the longer EM takes, and the less sure each point is.",
}


def about_the_film(same_points: bool) -> str:
    """Return how to read the film."""
    said = [
        "All panels play in step; one that has stopped stays as it is. [[Components]] are matched from panel to panel "
        "by the points that they share: the same number and colour, the same group. Lines end at their panel's letter."
    ]
    if not same_points:
        said.append("The panels show different points, in the same plane.")
    return " ".join(said)


def about_the_table(rows: Sequence[Row], vary: str, same_points: bool) -> str:
    """Return what the table's columns are, and what they are not."""
    said = [
        "★ marks the best of a column; a [[collapsed]] run never is. [[Iterations]]: how many [[EM]] took. "
        "[[Log-likelihood]]: higher is better, but with more [[parameters]] it always grows. [[BIC]]: lower is better."
    ]
    if not same_points:
        said.append(
            "Log-likelihood, BIC and held-out log-likelihood are over different points here: nothing is marked."
        )
    if any(row.held_out is not None for row in rows):
        said.append(
            f"[[Held out]]: the mean log-likelihood per point of {FOLDS} parts of the points, each judged by a fit to "
            "the others that begins anew, with the page's start seed: it judges the setting, not this very run."
        )
    elif vary != "init_seed" and rows[0].n_points > HELD_OUT_POINTS:
        said.append(f"Held-out scores are left out for more than {HELD_OUT_POINTS:,} points.")
    elif vary != "init_seed":
        said.append(
            "Without the part held out there are fewer points than components: there are no such scores."
        )
    return " ".join(said)
