"""Scripts that repeat a page's fit: one with gmmviz, one with scikit-learn alone.

Both are made of what the page shows: data, start and run. They find the same numbers, the first to the last digit, the
second to rounding. Numbers stand in them with all their digits.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from gmmviz.datasets import DATASETS, STRETCH, Dataset, load
from gmmviz.em import COVARIANCE_TYPES, Run
from gmmviz.experiment import Experiment
from gmmviz.exports.tables import file_name
from gmmviz.release import VERSION
from gmmviz.starts import STARTS

EMBEDDED = 300
"""Points up to which a script holds data that no generator makes; more it reads from a file."""
TIGHT = "A component is so narrow, or has so few points, that scikit-learn's numbers may differ from these."
WIDTH = 100
_ROW = re.compile(r"\[[^\[\]]*\]")
_KEPT = "\u00a0"  # a blank at which no line ends


class Recipe(NamedTuple):
    """How a script without gmmviz comes by points: its imports, and what makes X."""

    imports: tuple[str, ...]
    lines: tuple[str, ...]


# --- With gmmviz ------------------------------------------------------------------------------------------------------


def with_gmmviz(experiment: Experiment, dataset: Dataset, run: Run, address: str = "") -> str:
    """Return a script that repeats a run with gmmviz, and prints what it came to.

    Parameters
    ----------
    experiment : Experiment
    dataset, run
        Its data, and its run on them as far as there is one: the script makes no more iterations than that.
    address : str
        The page's, for a comment.
    """
    type_, floor = _quoted(experiment.covariance), repr(experiment.floor)
    data, start = _loaded(experiment, dataset), _started(experiment, run)
    arrays = any("np." in line for line in (*data, *start))
    cut = run.stop_reason == "max_iter"  # by the settings, or because it is under way
    most = run.states[-1].iteration if cut else experiment.max_iter
    rule = f"tol={experiment.tol!r}, max_iter={most}, criterion={_quoted(experiment.criterion)}"
    return _script(
        *_about(experiment, dataset, run, address, f"gmmviz {VERSION}"),
        "",
        *(("import numpy as np", "") if arrays else ()),
        "import gmmviz",
        "from gmmviz.starts import reg_covar_for",
        "",
        *data,
        *start,
        f"reg_covar = reg_covar_for(X, {floor}, {type_})  # the floor is a share of the data's variance",
        "run = gmmviz.fit(",
        f"    X, start, {type_}, reg_covar=reg_covar, {rule}",
        ")",
        "",
        "iteration, mixture, log_likelihood, rounding = run.states[-1]  # run.states[0] is the start",
        'print("iterations:", iteration)',
        'print("log-likelihood:", log_likelihood)',
        *_printed("mixture.weights", "mixture.means", "mixture.covariances"),
    )


def _loaded(experiment: Experiment, dataset: Dataset) -> Sequence[str]:
    """Return the lines that make X with gmmviz."""
    if not _is_loaded(experiment, dataset):
        return _given(dataset)
    own = experiment.spelled_out()
    made = f", n={own['n']}, noise={own['noise']!r}, seed={own['data_seed']}"
    return [f"X = gmmviz.load({_quoted(dataset.name)}{'' if dataset.fixed else made}).X"]


def _is_loaded(experiment: Experiment, dataset: Dataset) -> bool:
    """Return whether `gmmviz.load` makes the very same points."""
    own = experiment.spelled_out()
    try:
        made = load(dataset.name, own["n"], own["noise"], own["data_seed"])
    except (ValueError, LookupError):
        return False
    return np.array_equal(made.X, dataset.X)


def _started(experiment: Experiment, run: Run) -> Sequence[str]:
    """Return the lines that make the start with gmmviz: as numbers, where it is not one of the methods' own."""
    if _is_by_method(experiment):
        how = f"{_quoted(experiment.init)}, {_quoted(experiment.covariance)}, rng={experiment.init_seed}"
        return [f"start = gmmviz.start(X, {experiment.k}, {how}, floor={experiment.floor!r})"]
    start = run.states[0].mixture
    return [
        *_assigned("weights", start.weights),
        *_assigned("means", start.means),
        *_assigned("covariances", start.covariances),
        "start = gmmviz.Mixture(weights, means, covariances)",
    ]


def _is_by_method(experiment: Experiment) -> bool:
    """Return whether the start is one of `STARTS` as it is."""
    return type(experiment).start is Experiment.start and not experiment.is_placed


def _named_start(experiment: Experiment) -> str:
    if not _is_by_method(experiment):
        return ""
    return f": {STARTS[experiment.init].title}, seed {experiment.init_seed}"


# --- With scikit-learn ------------------------------------------------------------------------------------------------


def with_scikit_learn(experiment: Experiment, dataset: Dataset, run: Run, address: str = "") -> str:
    """Return a script that repeats a run with scikit-learn, and prints what it came to; it needs no gmmviz.

    The start is the run's own, in numbers. The features are scaled, so that scikit-learn's absolute floor is the run's,
    a share of the data's variance. It makes as many iterations as the run: its own rule would stop elsewhere.

    The parameters are those of `with_gmmviz`.
    """
    recipe, last = recipe_of(experiment, dataset), run.states[-1].iteration
    imports, lines = _fitted(experiment, run, dataset.X.shape[1]) if last else _scored(run)
    narrow = any(event.kind in ("degenerate", "empty", "collapsed") for event in run.events)
    return _script(
        *_about(experiment, dataset, run, address, "scikit-learn"),
        *([_comment(TIGHT)] if narrow else ()),
        "",
        *(("import warnings", "") if last else ()),
        "import numpy as np",
        *sorted((*imports, *recipe.imports)),
        "",
        *recipe.lines,
        "",
        f"# Where EM starts, as on the page{_named_start(experiment)}.",
        *lines,
    )


def _fitted(experiment: Experiment, run: Run, D: int) -> tuple[Sequence[str], Sequence[str]]:
    """Return what a script imports, and its lines, to make as many iterations as a run did, from its start."""
    start, family = run.states[0].mixture, COVARIANCE_TYPES[experiment.covariance]
    how = SCALED[family.diagonal, family.isotropic]
    lines = [
        *_assigned("weights", start.weights),
        *_assigned("means", start.means),
        *_assigned("covariances", family.compact(start.covariances)),
        "",
        "# The features are scaled first, so that the floor means the same: a share of the data's variance.",
        "centre = X.mean(axis=0)",
        f"scale = {how.scale.format(D=D)}",
        "Z = (X - centre) / scale",
        "",
        "model = GaussianMixture(",
        f"    n_components={start.n_components},",
        f"    covariance_type={_quoted(experiment.covariance)},",
        f"    reg_covar={experiment.floor!r},  # the floor",
        "    tol=0,  # it does not stop by itself, but after as many iterations as on the page",
        f"    max_iter={run.states[-1].iteration},",
        "    weights_init=weights,",
        "    means_init=(means - centre) / scale,",
        f"    precisions_init={how.precisions},",
        ")",
        "with warnings.catch_warnings():",
        '    warnings.simplefilter("ignore", ConvergenceWarning)  # which says that it did not stop by itself',
        "    model.fit(Z)",
        "",
        "# Back in the data's units.",
        "log_likelihood = len(X) * (model.score(Z) - np.log(scale).sum())",
        "means = model.means_ * scale + centre",
        f"covariances = model.covariances_ * {how.area}",
        'print("iterations:", model.n_iter_)',
        'print("log-likelihood:", log_likelihood)',
        *_printed("model.weights_", "means", "covariances"),
    ]
    imports = (
        "from sklearn.exceptions import ConvergenceWarning",
        "from sklearn.mixture import GaussianMixture",
    )
    return imports, lines


def _scored(run: Run) -> tuple[Sequence[str], Sequence[str]]:
    """Return the same for a run that made no iteration, which scikit-learn cannot: the start's log-likelihood."""
    start = run.states[0].mixture
    lines = [
        *_assigned("weights", start.weights),
        *_assigned("means", start.means),
        *_assigned("covariances", start.covariances),
        "",
        "# On the page EM stopped where it started, and said why: there is nothing to fit.",
        "densities = [multivariate_normal(*each).logpdf(X) for each in zip(means, covariances)]",
        "log_likelihood = logsumexp(np.log(weights)[:, None] + densities, axis=0).sum()",
        'print("iterations: 0")',
        'print("log-likelihood:", log_likelihood)',
        *_printed("weights", "means", "covariances"),
    ]
    return ("from scipy.special import logsumexp", "from scipy.stats import multivariate_normal"), lines


class Scaling(NamedTuple):
    """How a covariance type is scaled, as expressions: by what, its precisions, the way back for its covariances."""

    scale: str
    precisions: str
    area: str


SCALED = {  # by whether it is diagonal, and whether it is round
    (False, False): Scaling(
        "X.std(axis=0)",
        "np.linalg.inv(covariances / np.outer(scale, scale))",
        "np.outer(scale, scale)",
    ),
    (True, False): Scaling("X.std(axis=0)", "scale**2 / covariances", "scale**2"),
    (True, True): Scaling(
        "np.full({D}, np.sqrt(X.var(axis=0).mean()))  # all alike: what is round stays round",
        "scale[0] ** 2 / covariances",
        "scale[0] ** 2",
    ),
}


# --- Points -----------------------------------------------------------------------------------------------------------


def recipe_of(experiment: Experiment, dataset: Dataset) -> Recipe:
    """Return how a script without gmmviz comes by a dataset: by scikit-learn's own generator where it has one."""
    if dataset.name not in RECIPES or not _is_loaded(experiment, dataset):
        return Recipe((), tuple(_given(dataset)))
    return RECIPES[dataset.name](dataset, experiment.spelled_out())


def reads_points(experiment: Experiment, dataset: Dataset) -> bool:
    """Return whether a script reads a dataset from the file of its points."""
    return len(dataset.X) > EMBEDDED and not _is_loaded(experiment, dataset)


def _given(dataset: Dataset) -> Sequence[str]:
    """Return lines that hold points, or, where these are many, read them from the file that the page offers."""
    if len(dataset.X) <= EMBEDDED:
        return _assigned("X", dataset.X)
    name, columns = file_name(dataset.name, "points"), f"usecols=range({dataset.X.shape[1]})"
    return [
        "# The file of the points, which the page offers beside this script.",
        f'X = np.loadtxt({_quoted(name)}, delimiter=",", skiprows=1, {columns}, encoding="utf-8")',
    ]


def _from_scikit_learn(maker: str, *lines: str) -> Recipe:
    return Recipe((f"from sklearn.datasets import {maker}",), lines)


def _blobs(sizes: str, deviations: str, seed: int, *more: str) -> Recipe:
    made = f"X, _ = make_blobs(n_samples={sizes}, cluster_std={deviations}, random_state={seed})"
    return _from_scikit_learn("make_blobs", made, *more)


def _groups(dataset: Dataset) -> str:
    """Return the groups' sizes, by which scikit-learn makes as many."""
    return repr(np.bincount(dataset.labels).tolist())


def _round(dataset: Dataset, own: dict) -> Recipe:
    return _blobs(_groups(dataset), repr(own["noise"]), own["data_seed"])


def _varied(dataset: Dataset, own: dict) -> Recipe:
    deviations = [share * own["noise"] for share in (1.0, 2.5, 0.5)]
    return _blobs(_groups(dataset), repr(deviations), own["data_seed"])


def _stretched(dataset: Dataset, own: dict) -> Recipe:
    slanted = f"X = X @ np.array({STRETCH.tolist()})"
    return _blobs(_groups(dataset), repr(own["noise"]), own["data_seed"], slanted)


def _of_the_tutorial(deviation: float) -> Callable[[Dataset, dict], Recipe]:
    slanted = "X = X @ np.random.RandomState(0).randn(2, 2)"
    return lambda dataset, own: _blobs(_groups(dataset), repr(deviation), 20, slanted)


def _moons(dataset: Dataset, own: dict) -> Recipe:
    how = f"n_samples={own['n']}, noise={own['noise']!r}, random_state={own['data_seed']}"
    return _from_scikit_learn("make_moons", f"X, _ = make_moons({how})")


def _circles(dataset: Dataset, own: dict) -> Recipe:
    how = f"n_samples={own['n']}, factor=0.5, noise={own['noise']!r}, random_state={own['data_seed']}"
    return _from_scikit_learn("make_circles", f"X, _ = make_circles({how})")


def _iris(dataset: Dataset, own: dict) -> Recipe:
    return _from_scikit_learn("load_iris", "X = load_iris().data[:, :2]")


RECIPES: dict[str, Callable[[Dataset, dict], Recipe]] = {
    "blobs": _round,
    "varied": _varied,
    "stretched": _stretched,
    "imbalanced": _round,
    "moons": _moons,
    "circles": _circles,
    "tutorial": _of_the_tutorial(1.5),
    "tutorial-five": _of_the_tutorial(0.5),
    "iris": _iris,
}
"""How scikit-learn makes a dataset, by its name; one that is not here stands in the script, or in a file beside it."""


# --- Text -------------------------------------------------------------------------------------------------------------


def _script(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def _about(experiment: Experiment, dataset: Dataset, run: Run, address: str, library: str) -> Sequence[str]:
    """Return the comment at the top: what it repeats, and what the page says of it."""
    title = DATASETS[dataset.name].title if dataset.name in DATASETS else dataset.name
    last = run.states[-1]
    return [
        _comment(
            f"{title}, K = {experiment.k}, {experiment.covariance}: the page's run of EM, with {library}."
        ),
        _comment(f"The page: {last.iteration} iterations, log-likelihood {last.log_likelihood!r}."),
        *([_comment(address)] if address else ()),
    ]


def _quoted(text: str) -> str:
    return json.dumps(text)


def _comment(text: str) -> str:
    """Return a comment of one line, whatever stands in the text.

    >>> _comment("my\\ndata")
    '# my data'
    """
    return f"# {' '.join(text.split())}"


def _printed(*names: str) -> Sequence[str]:
    words = ("weights", "means", "covariances")
    return [f'print("{word}:", {name}, sep="\\n")' for word, name in zip(words, names, strict=True)]


def _assigned(name: str, values: np.ndarray) -> Sequence[str]:
    """Return the lines that assign an array, with all digits: between its rows, where it is long, a line may end.

    >>> _assigned("means", np.array([[0.5, 1.0], [2.0, 0.1]]))
    ['means = np.array([[0.5, 1.0], [2.0, 0.1]])']
    >>> _assigned("weights", np.array([0.25, 0.25, 0.25, 0.25]))
    ['weights = np.array([0.25] * 4)']
    """
    rows = values.tolist()
    repeated = len(rows) > 1 and all(row == rows[0] for row in rows)
    text = f"{name} = np.array({f'[{rows[0]}] * {len(rows)}' if repeated else rows})"
    if values.ndim > 1:
        text = _ROW.sub(lambda row: row[0].replace(" ", _KEPT), text)
    wrapped = textwrap.wrap(
        text, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
    return [line.replace(_KEPT, " ") for line in wrapped]
