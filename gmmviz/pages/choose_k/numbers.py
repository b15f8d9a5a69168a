"""Choosing K: the study of a setting, what each criterion picks of it, and the table. All numbers are its cells'."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from gmmviz.criteria import CRITERIA
from gmmviz.datasets import Dataset
from gmmviz.exports import tables
from gmmviz.pages.choose_k.settings import TITLES, ChooseK
from gmmviz.selection import Cell, Study

# --- The work ---------------------------------------------------------------------------------------------------------


def study(settings: ChooseK, dataset: Dataset) -> Study:
    """Return the settings' study, not yet begun. ARI is always among its criteria where the truth is known."""
    criteria = [name for name in CRITERIA if name != "ari" or dataset.labels is not None]
    return Study(
        dataset.X,
        settings.restarts,
        criteria,
        settings.init_seed,
        method=settings.init,
        floor=settings.floor,
        labels=dataset.labels,
        folds=settings.folds,
        tol=settings.tol,
        max_iter=settings.max_iter,
        criterion=settings.criterion,
    )


def in_turn(settings: ChooseK) -> list[tuple[int, str]]:
    """Return the cells in the order in which they are fitted: the one that is chosen first."""
    return sorted(settings.cells, key=lambda cell: cell != (settings.k, settings.covariance))


def done_of(study: Study, settings: ChooseK) -> list[Cell]:
    """Return what is done of the cells that the settings ask for, by K and then by type."""
    done = study.done
    return [done[cell] for cell in settings.cells if cell in done]


# --- What a criterion says --------------------------------------------------------------------------------------------


def is_sound(cell: Cell, criterion: str) -> bool:
    """Return whether a criterion may pick a cell: neither one without a sound fit nor one of which it says nothing."""
    return cell.can_win(criterion) and bool(np.isfinite(cell.value(criterion)))


def ranking(cells: Iterable[Cell], criterion: str) -> list[Cell]:
    """Return the cells that a criterion may pick, the best first; of equal ones, as ARI has many, that of BIC first."""
    sign = 1 if CRITERIA[criterion].lower_is_better else -1

    def place(cell: Cell) -> tuple:
        type = list(TITLES).index(cell.covariance_type)
        return sign * cell.value(criterion), cell.value("bic"), cell.n_components, type

    return sorted((cell for cell in cells if is_sound(cell, criterion)), key=place)


def best(cells: Iterable[Cell], criterion: str) -> Cell | None:
    """Return the cell that a criterion picks, or None."""
    return next(iter(ranking(cells, criterion)), None)


def chosen(cells: Iterable[Cell], settings: ChooseK) -> Cell | None:
    """Return the cell that is shown: the one that is chosen, or else the best; None where it is not there (yet)."""
    if not settings.k:
        return best(cells, settings.by)
    asked = (settings.k, settings.covariance)
    return next((cell for cell in cells if (cell.n_components, cell.covariance_type) == asked), None)


def name_of(cell: Cell) -> str:
    """Return what a cell is called.

    >>> name_of(Cell(3, "tied", 11))
    'K = 3, tied'
    """
    return f"K = {cell.n_components}, {TITLES[cell.covariance_type].lower()}"


def spread(cell: Cell, criterion: str) -> tuple[float, float] | None:
    """Return from where to where a cell's sound starts go by a criterion; held out, one standard deviation each way.

    None for a cell that the criterion may not pick.
    """
    if not is_sound(cell, criterion):
        return None
    scores = cell.scores[criterion]
    if CRITERIA[criterion].score is None:
        return scores.mean() - scores.std(), scores.mean() + scores.std()
    sound = [score for score, one in zip(scores, cell.restarts, strict=True) if one.kind == "optimum"]
    return min(sound), max(sound)


class Lead(NamedTuple):
    """By how much a cell is better than another on points held out: over the folds, each of which both have seen.

    Attributes
    ----------
    mean : float
        Log-likelihood per point.
    error : float
        The mean's standard error, from how much it differs from fold to fold.
    """

    mean: float
    error: float

    @property
    def is_clear(self) -> bool:
        """Whether it is more than twice what chance would explain."""
        return abs(self.mean) > 2 * self.error


def lead(one: Cell, other: Cell) -> Lead:
    """Return the lead of one cell over another."""
    gaps = one.scores["held_out"] - other.scores["held_out"]
    return Lead(float(gaps.mean()), float(gaps.std(ddof=1) / np.sqrt(len(gaps))))


def hardly_worse(cells: Iterable[Cell]) -> list[Cell]:
    """Return the cells, the best first, that held-out points cannot tell from the best."""
    first, *others = ranking(cells, "held_out")
    return [first, *(cell for cell in others if not lead(first, cell).is_clear)]


def overlap(cell: Cell) -> float:
    """Return what ICL adds to a cell's BIC: the price of points that more than one component claims."""
    return cell.value("icl") - cell.value("bic")


# --- The table --------------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """What the table says of a cell. nan where there is nothing to say."""

    K: int
    covariance_type: str
    parameters: int
    log_likelihood: float
    values: dict[str, float]  # by criterion
    sound: int
    starts: int
    seed: int | None
    cell: Cell


def row_of(cell: Cell, criteria: Sequence[str]) -> Row:
    """Return a cell's row, with these criteria."""
    kinds = [restart.kind for restart in cell.restarts]
    return Row(
        cell.n_components,
        cell.covariance_type,
        cell.n_parameters,
        cell.winner.log_likelihood if cell.winner else np.nan,
        {name: cell.value(name) for name in criteria},
        kinds.count("optimum"),
        len(kinds),
        cell.seed,
        cell,
    )


def as_csv(rows: Sequence[Row], criteria: Sequence[str], notes: Sequence[str]) -> str:
    """Return the table as a spreadsheet reads it: plain numbers with all their digits, nothing where there is none."""
    return tables.as_csv(
        tables.Table(
            [
                *("K", "covariance_type", "parameters", "log_likelihood", *criteria),
                *("sound_starts", "starts", "seed", "note"),
            ],
            [
                [
                    *(row.K, row.covariance_type, row.parameters, row.log_likelihood),
                    *(row.values[name] for name in criteria),
                    *(row.sound, row.starts, row.seed, note),
                ]
                for row, note in zip(rows, notes, strict=True)
            ],
        )
    )
