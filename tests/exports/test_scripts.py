"""The scripts find the page's numbers: gmmviz's to the last digit, scikit-learn's to rounding, and without gmmviz."""

import ast
import contextlib
import io
import os
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from itertools import cycle, islice

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import settings as how
from hypothesis import strategies as some

from gmmviz.datasets import DATASETS, READY, Dataset
from gmmviz.em import COVARIANCE_TYPES, Mixture
from gmmviz.exports import scripts, tables
from gmmviz.pages.density.settings import Density
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.k_means.settings import KMeans
from gmmviz.starts import STARTS

NARROW = {"degenerate", "empty", "collapsed"}


def fitted(experiment):
    """What a page hands over: the experiment, its data, its run."""
    dataset = experiment.data()
    return experiment, dataset, experiment.run(dataset.X)


def names_after(script):
    """Run a script, and return the names it has given, and what it has printed."""
    names, said = {}, io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(script, "script", "exec"), names)
    return names, said.getvalue()


def printed(said, word):
    """The number behind a word."""
    return float(re.search(rf"^{word}: (?:np\.float64\()?(.+?)\)?$", said, re.MULTILINE)[1])


def expect_ours(experiment, dataset, run):
    """The script with gmmviz finds the run."""
    names, said = names_after(scripts.with_gmmviz(experiment, dataset, run))
    last = run.states[-1]
    assert np.array_equal(names["X"], dataset.X)
    assert len(names["run"].states) == len(run.states)
    assert names["run"].stop_reason == run.stop_reason
    for theirs, ours in zip(names["run"].states, run.states, strict=True):
        assert theirs.log_likelihood == ours.log_likelihood
    for name in ("weights", "means", "covariances"):
        assert np.array_equal(getattr(names["mixture"], name), getattr(last.mixture, name))
    assert (printed(said, "iterations"), printed(said, "log-likelihood")) == (
        last.iteration,
        last.log_likelihood,
    )


def expect_theirs(experiment, dataset, run):
    """The script with scikit-learn finds the run's end, to rounding."""
    names, said = names_after(scripts.with_scikit_learn(experiment, dataset, run))
    iteration, mixture, log_likelihood, _ = run.states[-1]
    assert np.array_equal(names["X"], dataset.X)
    assert printed(said, "iterations") == iteration
    assert printed(said, "log-likelihood") == pytest.approx(log_likelihood, rel=1e-7)
    spread = dataset.X.std(axis=0)
    weights = names["model"].weights_ if iteration else names["weights"]
    covariances = names["covariances"]
    if iteration:
        family, (K, D) = COVARIANCE_TYPES[experiment.covariance], mixture.means.shape
        covariances = family.expand(covariances, K, D)
    assert weights == pytest.approx(mixture.weights, abs=1e-5)
    assert names["means"] / spread == pytest.approx(mixture.means / spread, abs=1e-5)
    area = np.outer(spread, spread)
    assert covariances / area == pytest.approx(mixture.covariances / area, abs=1e-5)


# Every dataset, every start, every covariance type

STARTED = list(islice(cycle(STARTS), len(READY)))
TYPES = list(islice(cycle(COVARIANCE_TYPES), len(READY)))
SAMPLE = [
    *(
        Explorer(dataset=name, n=150, k=3, init=init, covariance=covariance, init_seed=7, data_seed=11)
        for name, init, covariance in zip(READY, STARTED, TYPES, strict=True)
    ),
    *(
        Explorer(dataset="stretched", init=init, covariance=covariance, criterion="parameters")
        for init, covariance in zip(STARTS, TYPES[1:], strict=False)
    ),
    *(
        Explorer(dataset="faithful", k=2, covariance=covariance, floor=1e-3)
        for covariance in COVARIANCE_TYPES
    ),
    Explorer(),
    Explorer(k=1),
    Explorer(n=2000, k=16, floor=1e-3, max_iter=40),
    Explorer(n=6000, k=2, init="hierarchical", noise=2.5),
    Explorer(dataset="moons", n=400, k=6, covariance="full", noise=0.2, tol=0.0, max_iter=30),
    Explorer(dataset="iris", k=3, init="k-means", floor=0.0),
    Explorer(dataset="iris", covariance="diag", init="k-means", init_seed=9, floor=0.1),  # ends at its start
    Density(),
    KMeans(),  # has a start of its own
    KMeans(dataset="faithful", k=2, covariance="spherical"),
]


@pytest.mark.parametrize("experiment", SAMPLE, ids=lambda one: str(one.to_query()))
def test_both_scripts_find_the_pages_numbers(experiment):
    given = fitted(experiment)
    expect_ours(*given)
    expect_theirs(*given)


def test_the_sample_has_a_run_that_ends_at_its_start_and_one_that_is_cut_off():
    ends = [fitted(experiment)[2] for experiment in SAMPLE[-10:]]
    assert {"converged", "max_iter", "decreased"} <= {run.stop_reason for run in ends}
    assert min(run.states[-1].iteration for run in ends) == 0


@given(
    some.builds(
        Explorer,
        dataset=some.sampled_from(READY),
        n=some.integers(50, 300),
        noise=some.none() | some.floats(0.2, 2),
        data_seed=some.integers(0, 99_999),
        k=some.integers(1, 4),
        covariance=some.sampled_from(list(COVARIANCE_TYPES)),
        init=some.sampled_from(list(STARTS)),
        init_seed=some.integers(0, 99_999),
        floor=some.sampled_from([1e-6, 1e-3, 1e-1]),
        tol=some.sampled_from([1e-3, 1e-6]),
        max_iter=some.sampled_from([1, 20, 200]),
        criterion=some.sampled_from(["log_likelihood", "parameters"]),
    )
)
@how(max_examples=12)
def test_scripts_of_any_experiment_find_its_numbers(experiment):
    _, _, run = given = fitted(experiment)
    assume(not NARROW & {event.kind for event in run.events})
    expect_ours(*given)
    expect_theirs(*given)


def test_where_scikit_learns_digits_may_not_suffice_the_script_says_so():
    told = scripts.with_scikit_learn(*fitted(Explorer(dataset="moons", n=20, k=10)))
    assert scripts.TIGHT in told
    assert scripts.TIGHT not in scripts.with_scikit_learn(*fitted(Explorer()))


def test_of_a_run_under_way_the_scripts_make_as_many_iterations_as_there_are():
    experiment = Explorer(tol=0.0, max_iter=2000)
    dataset = experiment.data()
    run = experiment.ascent(experiment.ground(dataset.X)).run(7)
    assert (run.states[-1].iteration, experiment.max_iter) == (7, 2000)
    expect_ours(experiment, dataset, run)
    expect_theirs(experiment, dataset, run)


# Alone


def test_a_copied_script_needs_scikit_learn_alone(tmp_path):
    experiment, dataset, run = fitted(Explorer(dataset="faithful", k=2))
    script = scripts.with_scikit_learn(experiment, dataset, run)
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    alone = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    program = "import runpy, sys; runpy.run_path('script.py'); print('gmmviz' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=alone, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert printed(done.stdout, "log-likelihood") == pytest.approx(run.states[-1].log_likelihood, rel=1e-9)
    assert done.stdout.endswith("False\n")


@pytest.mark.parametrize("experiment", SAMPLE, ids=lambda one: str(one.to_query()))
def test_no_script_imports_what_it_does_not_use_or_has_lines_too_long_to_read(experiment):
    given = fitted(experiment)
    for make, package in ((scripts.with_gmmviz, "gmmviz"), (scripts.with_scikit_learn, "sklearn")):
        text = make(*given, "http://localhost/?k=3")
        tree = ast.parse(text)
        imported = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {alias.asname or alias.name for node in imported for alias in node.names}
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert names <= used
        modules = {getattr(node, "module", None) or node.names[0].name for node in imported}
        assert any(name.startswith((package, "scipy")) for name in modules)
        assert ("gmmviz" in {name.split(".")[0] for name in modules}) == (package == "gmmviz")
        assert max(map(len, text.splitlines())) <= 120


# What the comment says


def test_the_comment_says_what_the_page_says():
    experiment, dataset, run = fitted(Explorer(k=2))
    last = run.states[-1]
    for make in (scripts.with_gmmviz, scripts.with_scikit_learn):
        first, *_ = make(experiment, dataset, run, "http://localhost:8501/?k=2").split("\n\n")
        assert "Blobs, K = 2, full" in first
        assert f"{last.iteration} iterations, log-likelihood {last.log_likelihood!r}" in first
        assert "# http://localhost:8501/?k=2" in first


# Points of other makes


@dataclass(frozen=True)
class Own(Explorer):
    """An experiment on points that no generator makes."""

    def data(self):
        X = np.random.default_rng(self.data_seed).normal(size=(self.n, 2)) * [1.0, 30.0]
        columns = ("=1+1", "größe,\n(m)")
        return Dataset('"\nimport os\n', X, None, "", columns, equal_axes=True, fixed=False)


def test_few_points_stand_in_the_script_and_their_name_is_text():
    experiment, dataset, run = fitted(Own(n=scripts.EMBEDDED))
    assert not scripts.reads_points(experiment, dataset)
    expect_ours(experiment, dataset, run)
    expect_theirs(experiment, dataset, run)
    for make in (scripts.with_gmmviz, scripts.with_scikit_learn):
        assert "os" not in names_after(make(experiment, dataset, run))[0]


def test_many_points_are_read_from_the_file_that_the_page_offers(tmp_path, monkeypatch):
    experiment, dataset, run = fitted(Own(n=scripts.EMBEDDED + 1))
    assert scripts.reads_points(experiment, dataset)
    monkeypatch.chdir(tmp_path)
    name = tables.file_name(dataset.name, "points")
    assert re.fullmatch(r"[\w-]+\.csv", name)
    (tmp_path / name).write_bytes(tables.encoded(tables.as_csv(tables.points(dataset))))
    expect_ours(experiment, dataset, run)
    expect_theirs(experiment, dataset, run)


@pytest.mark.parametrize("name", scripts.RECIPES)
@pytest.mark.parametrize(
    "own", [{}, {"n": 47, "noise": 0.3, "data_seed": 99_999}, {"n": 20, "noise": 0.0}], ids=str
)
def test_scikit_learn_makes_the_very_same_points(name, own):
    experiment = Explorer(dataset=name, **own)
    dataset = experiment.data()
    imports, lines = scripts.recipe_of(experiment, dataset)
    names, _ = names_after("\n".join(["import numpy as np", *imports, *lines]))
    assert np.array_equal(names["X"], dataset.X)


def test_datasets_without_a_recipe_stand_in_the_script():
    assert scripts.RECIPES.keys() < DATASETS.keys()
    made = [Explorer(dataset=name) for name in READY]
    assert not any(scripts.reads_points(experiment, experiment.data()) for experiment in made)


def test_points_that_only_have_a_datasets_name_stand_in_the_script():
    @dataclass(frozen=True)
    class Moved(Explorer):
        def data(self):
            dataset = super().data()
            return replace(dataset, X=dataset.X + 1.0)

    for name in ("blobs", "iris"):
        given = fitted(Moved(dataset=name, n=60, k=2))
        expect_ours(*given)
        expect_theirs(*given)


def test_a_start_of_the_pages_own_stands_in_the_script():
    experiment, dataset, run = fitted(KMeans())
    script = scripts.with_gmmviz(experiment, dataset, run)
    assert "gmmviz.start(" not in script
    start = names_after(script)[0]["start"]
    assert isinstance(start, Mixture)
    assert np.array_equal(start.means, run.states[0].mixture.means)


def test_points_that_were_drawn_and_means_that_were_placed_are_in_the_scripts():
    dots = tuple((200 * i, 37 * i * i % 4096) for i in range(20))
    placed = ((-7.0, 0.0), (7.0, 1.0))
    for experiment in (
        Explorer(dataset="drawn", dots=dots, k=2),
        Explorer(dataset="drawn", dots=dots, k=2, placed=placed),
        Explorer(n=40, k=2, placed=placed),
    ):
        dataset = experiment.data()
        run = experiment.run(dataset.X)
        expect_ours(experiment, dataset, run)
        expect_theirs(experiment, dataset, run)
