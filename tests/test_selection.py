"""Sweeps against plain fits, scikit-learn and known mixtures; the same digits in any order, in slices, on workers."""

import os
import pickle
import sys
from itertools import count, pairwise, permutations
from threading import Barrier, Thread
from time import sleep

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joblib.externals.loky import get_reusable_executor
from scipy.cluster import hierarchy
from sklearn.datasets import load_iris
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from gmmviz import criteria, selection
from gmmviz.datasets import load
from gmmviz.em import COVARIANCE_TYPES, Mixture, e_step, fit
from gmmviz.restarts import KINDS, Restart
from gmmviz.selection import Cell, Study, best, sweep
from gmmviz.starts import reg_covar_for, start
from tests.scikit_learn import KNOWN_TYPES

VARIED = load("varied", n=150)
X, LABELS = VARIED.X, VARIED.labels
ALL = tuple(criteria.CRITERIA)
COMPONENTS, TYPES = (1, 2, 4), ("full", "spherical")
CELLS = [(K, name) for K in COMPONENTS for name in TYPES]
SETTINGS = {"n_restarts": 2, "criteria": ALL, "seed": 3, "labels": LABELS, "folds": 2, "tol": 1e-4}


def a_sweep(n_components=COMPONENTS, **options):
    return sweep(X, n_components, TYPES, **SETTINGS | options)


def a_study(**options):
    return Study(X, **SETTINGS | options)


def digits(cell):
    """All that a cell holds, to the last digit, as what == can compare."""
    return (
        *cell[:3],
        [(*one[:2], one.log_likelihoods.tobytes(), _bytes(one.mixture), *one[4:]) for one in cell.restarts],
        cell.winner and (cell.winner.number, _bytes(cell.mixture)),
        cell.seed,
        {name: scores.tobytes() for name, scores in cell.scores.items()},
        cell.problem,
    )


def _bytes(mixture):
    return [part.tobytes() for part in (mixture.weights, mixture.means, mixture.covariances)]


def table(cells):
    return {cell[:2]: digits(cell) for cell in cells}


@pytest.fixture(scope="module")
def unbroken():
    """The table of a sweep in one go."""
    return table(a_sweep(n_jobs=1))


def fails(*_, **__):
    raise AssertionError("not to be called")


# What a cell holds


@pytest.mark.parametrize("covariance_type", COVARIANCE_TYPES)
def test_a_cell_is_the_best_of_plain_fits_from_the_same_starts(covariance_type):
    seed, floor, method, settings = 11, 1e-3, "random-points", {"tol": 1e-7, "max_iter": 400}
    (cell,) = sweep(X, [4], [covariance_type], 5, seed=seed, method=method, floor=floor, **settings)
    reg_covar = reg_covar_for(X, floor, covariance_type)
    ends = [
        fit(
            X,
            start(X, 4, method, covariance_type, seed + r, floor),
            covariance_type,
            reg_covar=reg_covar,
            **settings,
        )
        for r in range(5)
    ]
    log_likelihoods = np.array([run.states[-1].log_likelihood for run in ends])
    place, sound = cell.winner.number, [one.kind == "optimum" for one in cell.restarts]
    assert (cell.n_components, cell.covariance_type, cell.problem) == (4, covariance_type, "")
    assert (cell.seed, sound[place]) == (seed + place, True)
    highest = log_likelihoods[sound].max()
    assert log_likelihoods[place] == pytest.approx(highest, rel=1e-11)  # of twins rounding chooses
    assert [one.iterations for one in cell.restarts] == [len(run.states) - 1 for run in ends]
    np.testing.assert_allclose([one.log_likelihood for one in cell.restarts], log_likelihoods, rtol=1e-11)
    end = ends[place].states[-1].mixture
    for name in ("weights", "means", "covariances"):
        np.testing.assert_allclose(getattr(cell.mixture, name), getattr(end, name), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("covariance_type", COVARIANCE_TYPES)
def test_the_criteria_are_of_each_restart_and_the_cells_value_is_its_winners(covariance_type):
    (cell,) = sweep(
        X, [3], [covariance_type], 4, ("icl", "bic", "ari", "aic"), labels=LABELS, method="scattered"
    )
    p = criteria.n_parameters(3, 2, covariance_type)
    assert cell.n_parameters == p
    for r, one in enumerate(cell.restarts):
        R, log_likelihood = e_step(X, one.mixture)
        expected = {
            "bic": criteria.bic(log_likelihood, p, len(X)),
            "aic": criteria.aic(log_likelihood, p),
            "icl": criteria.icl(log_likelihood, p, R),
            "ari": criteria.adjusted_rand(LABELS, R.argmax(axis=1)),
        }
        assert {name: scores[r] for name, scores in cell.scores.items()} == pytest.approx(expected, rel=1e-10)
        if one is cell.winner:
            assert {name: cell.value(name) for name in expected} == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("covariance_type", KNOWN_TYPES)
def test_scikit_learn_comes_to_the_same_from_the_winners_start(covariance_type):
    Z = load("blobs", n=200).X
    Z = (Z - Z.mean(axis=0)) / Z.std(axis=0)  # a share of each feature's variance is a number now
    floor, settings = 1e-5, {"tol": 1e-11, "max_iter": 5000}
    (cell,) = sweep(Z, [3], [covariance_type], 3, floor=floor, **settings)
    begin = start(Z, 3, "k-means++", covariance_type, cell.seed, floor)
    theirs = GaussianMixture(
        3,
        covariance_type=covariance_type,
        reg_covar=floor,
        weights_init=begin.weights,
        means_init=begin.means,
        precisions_init=COVARIANCE_TYPES[covariance_type].compact(np.linalg.inv(begin.covariances)),
        **settings,
    ).fit(Z)
    assert cell.winner.log_likelihood == pytest.approx(theirs.score(Z) * len(Z), rel=1e-8)
    assert (cell.value("bic"), cell.value("aic")) == pytest.approx((theirs.bic(Z), theirs.aic(Z)), rel=1e-8)
    np.testing.assert_allclose(cell.mixture.means, theirs.means_, atol=1e-4)


@pytest.mark.parametrize("method", ["k-means++", "k-means"])
def test_held_out_scores_are_those_of_the_function(method):
    cell = a_study(method=method, floor=1e-4, folds=3).cell(4, "full")
    expected = criteria.held_out(X, [4], "full", method, 3, seed=3, floor=1e-4, tol=1e-4)[0]
    assert cell.scores["held_out"].tolist() == expected.tolist()
    assert cell.value("held_out") == expected.mean()


def test_folds_too_small_for_k_leave_out_the_held_out_score_alone():
    (cell,) = sweep(X[:10], [6], ["spherical"], 1, ("bic", "held_out"), folds=2, floor=0.1)
    assert np.isnan(cell.scores["held_out"]).all()
    assert np.isnan(cell.value("held_out"))
    assert np.isfinite(cell.value("bic"))


def test_a_method_without_chance_is_tried_once_and_settings_reach_the_fits():
    (cell,) = sweep(X, [2], ["full"], 10, method="hierarchical", max_iter=2, tol=0)
    assert [(one.method, one.iterations, one.stop_reason) for one in cell.restarts] == [
        ("hierarchical", 2, "max_iter")
    ]


def test_what_was_not_asked_for_is_no_number():
    (cell,) = sweep(X, [1], ["tied"], 1, criteria=())
    assert cell.scores == {}
    assert np.isnan([cell.value(name) for name in ALL]).all()
    assert cell.winner.log_likelihood == pytest.approx(e_step(X, cell.mixture)[1], rel=1e-12)


# What cannot be the best

IRIS = load_iris().data


def test_sound_starts_win_over_spurious_ones_that_are_higher():
    (cell,) = sweep(IRIS[:, :2], [3], ["full"], 30, method="random-points", floor=1e-9, tol=1e-8)
    sound = [one.log_likelihood for one in cell.restarts if one.kind == "optimum"]
    highest = max(cell.restarts, key=lambda one: one.log_likelihood)
    assert highest.kind == "spurious"
    assert (cell.winner.kind, cell.winner.log_likelihood, cell.problem) == ("optimum", max(sound), "")
    assert highest.log_likelihood > cell.winner.log_likelihood


ends = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(-5, 5)), min_size=1, max_size=8)


@given(ends)
def test_the_winner_is_the_highest_of_the_sound_or_else_of_all(ends):
    one = Mixture([1.0], [[0.0]], [[[1.0]]])
    reasons = {"collapsed": "collapsed"}
    restarts = [
        Restart(
            r, "scattered", np.array([-9.0, value]), one, reasons.get(kind, "converged"), kind == "spurious"
        )
        for r, (kind, value) in enumerate(ends)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selection, "fit_starts", lambda *_, **__: iter([None, *restarts, None]))
        (cell,) = sweep([[0.0], [1.0]], [1], ["full"], len(ends), seed=40)
    sound = [value for kind, value in ends if kind == "optimum"]
    assert list(map(id, cell.restarts)) == list(map(id, restarts))
    assert cell.winner.log_likelihood == max(sound or [value for _, value in ends])
    assert cell.seed == 40 + cell.winner.number
    assert cell.problem == ("" if sound else cell.winner.kind)
    assert (cell.winner.kind == "optimum") == bool(sound)
    assert best([cell], "bic") is (cell if sound else None)


@pytest.mark.parametrize(("floor", "problem"), [(1e-6, "spurious"), (0.0, "collapsed")])
def test_a_cell_without_a_sound_start_says_so_and_is_never_the_best(floor, problem):
    four_places = np.repeat([[0.0, 0.0], [1.0, 5.0], [6.0, 2.0], [4.0, 9.0]], 10, axis=0)
    cells = list(sweep(four_places, [1, 4], ["full"], 3, method="k-means", floor=floor))
    assert [cell.problem for cell in cells] == ["", problem]
    assert cells[1].winner.kind == problem
    assert cells[1].value("bic") < cells[0].value("bic")
    assert best(cells, "bic") is cells[0]


def test_a_fit_that_is_refused_is_a_cell_with_the_advice():
    cells = list(sweep(X[:3], [2, 4, 1], ["tied"], 2))
    assert [cell.n_components for cell in cells] == [2, 4, 1]
    refused = cells[1]
    assert "only 3 points; take fewer components or more points" in refused.problem
    assert refused[:3] == (4, "tied", criteria.n_parameters(4, 2, "tied"))
    assert (refused.restarts, refused.winner, refused.seed, refused.mixture) == ((), None, None, None)
    assert np.isnan(refused.value("bic"))
    assert best([refused], "bic") is None
    assert best(cells, "bic") is not refused


def cell_of(K, covariance_type, name, value, problem=""):
    winner = Restart(0, "k-means", np.zeros(1), None, "converged", False)
    return Cell(K, covariance_type, 0, (winner,), winner, 0, {name: np.array([value])}, problem)


@given(
    st.sampled_from(ALL),
    st.dictionaries(
        st.tuples(st.integers(1, 5), st.sampled_from(list(COVARIANCE_TYPES))),
        st.tuples(st.sampled_from([-1.0, 0.0, 2.5, np.nan, np.inf]), st.sampled_from(["", "spurious"])),
    ),
    st.randoms(),
)
def test_the_best_cell_does_not_depend_on_the_order_and_of_equal_ones_is_the_simplest(name, values, random):
    cells = [cell_of(*key, name, *value) for key, value in values.items()]
    random.shuffle(cells)
    lower, types = criteria.CRITERIA[name].lower_is_better, list(COVARIANCE_TYPES)
    able = [cell for cell in cells if not cell.problem and not np.isnan(cell.value(name))]
    able.sort(key=lambda cell: (cell.value(name) * (1 if lower else -1), cell[0], types.index(cell[1])))
    assert best(cells, name) is (able[0] if able else None)


def test_of_equal_cells_the_simplest_is_the_best_in_whatever_order():
    cells = [cell_of(K, name, "bic", 7.0) for K in (1, 2) for name in ("full", "tied", "diag")]
    for order in permutations(cells):
        assert best(order, "bic") is cells[0]


# The same digits whatever the order, the slices and the workers


@given(st.permutations(CELLS), st.lists(st.tuples(st.integers(1, len(CELLS)), st.booleans()), max_size=4))
def test_cells_are_the_same_in_any_order_and_in_slices(unbroken, order, slices):
    study, seen = a_study(), {}
    for first, at_once in slices:
        complete = study.advance(order[:first], seconds=np.inf if at_once else 0.0)
        assert complete == (set(order[:first]) <= study.done.keys())
        assert complete or not at_once
        assert seen.items() <= {key: id(cell) for key, cell in study.done.items()}.items()
        seen = {key: id(cell) for key, cell in study.done.items()}
    assert study.advance(order)
    assert table(study.done.values()) == unbroken


def test_stopping_anywhere_leaves_whole_cells_and_a_table_that_only_grows(unbroken):
    study, tables = a_study(), []
    while not study.advance(CELLS, seconds=0.0):
        tables.append((study.done, table(study.done.values())))
        assert len(tables) < 10_000
        assert tables[-1][1].items() <= unbroken.items()
    assert table(study.done.values()) == unbroken
    assert len(tables) > 10 * len(CELLS)  # it did stop within cells
    for (_, earlier), (unchanged, later) in pairwise(tables):
        assert earlier.items() <= later.items()
        assert table(unchanged.values()) == later


def test_a_slice_ends_at_the_first_step_after_its_time(monkeypatch):
    study, clock = a_study(n_restarts=20), count()
    monkeypatch.setattr(selection, "perf_counter", lambda: next(clock))  # a second passes with each step
    for seconds in (0, 1, 30):
        before = next(clock)
        assert not study.advance([(4, "full")], seconds)
        assert next(clock) - before == seconds + 3  # one look before, one after each step, this one
    assert study.done == {}


def test_wards_merges_are_found_once_for_all_k(monkeypatch):
    """Of all points, and of those that each fold sees."""
    linkages, linkage = [], hierarchy.linkage
    monkeypatch.setattr(hierarchy, "linkage", lambda *given: linkages.append(given) or linkage(*given))
    study = Study(load("blobs", n=60).X, criteria=["bic", "held_out"], method="hierarchical")
    assert study.advance([(K, "full") for K in (2, 4, 3)])
    assert len(linkages) == 1 + 5


def test_what_is_done_is_not_done_again(monkeypatch):
    study = a_study()
    study.advance(CELLS[:3])
    before = study.done
    monkeypatch.setattr(selection, "fit_starts", fails)
    assert study.advance(CELLS[:3], seconds=0.0)
    assert study.advance([CELLS[1], CELLS[0], CELLS[1]])
    assert study.done is before


def test_a_cell_that_was_broken_off_begins_anew(monkeypatch, unbroken):
    study, calls = a_study(), []

    def interrupted(*args, **settings):
        calls.append(args)
        yield None
        raise KeyboardInterrupt

    assert not study.advance(CELLS[:1], seconds=0.0)
    with monkeypatch.context() as patch:
        patch.setattr(selection, "fit_starts", interrupted)
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                study.advance(CELLS[1:])
    assert (len(calls), study.done) == (2, {})
    assert study.advance(CELLS)
    assert table(study.done.values()) == unbroken


def test_an_unknown_type_is_refused_again_and_again():
    study = a_study()
    for _ in range(2):
        with pytest.raises(ValueError, match="covariance_type is 'round': choose one of full"):
            study.advance([(2, "round")])
    assert study.done == {}


def test_a_sweep_yields_a_cell_before_it_begins_the_next_and_each_once(monkeypatch):
    begun, real = [], selection.fit_starts

    def spy(ground, K, *args, **settings):
        begun.append((K, ground.covariance_type))
        return real(ground, K, *args, **settings)

    monkeypatch.setattr(selection, "fit_starts", spy)
    cells = sweep(X, [2, 1, 2], ["tied", "diag", "tied"], 1)
    assert begun == []
    assert next(cells)[:2] == (2, "tied")
    assert begun == [(2, "tied")]
    assert [cell[:2] for cell in cells] == [(2, "diag"), (1, "tied"), (1, "diag")]
    assert begun == [(2, "tied"), (2, "diag"), (1, "tied"), (1, "diag")]


def test_two_threads_share_a_study(monkeypatch, unbroken):
    begun, real = [], selection.fit_starts

    def spy(ground, K, *args, **settings):
        begun.append((K, ground.covariance_type))
        return real(ground, K, *args, **settings)

    def work(cells):
        together.wait()
        slices = (study.advance(cells, seconds=1e-3) or sleep(0) for _ in range(10_000))
        ends.append(any(slices) and set(cells) <= study.done.keys())

    monkeypatch.setattr(selection, "fit_starts", spy)
    study, together, ends = a_study(), Barrier(2), []
    threads = [Thread(target=work, args=(cells,)) for cells in (CELLS, CELLS[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == [True, True]
    assert sorted(begun) == sorted(CELLS)
    assert table(study.done.values()) == unbroken


def test_a_study_goes_to_another_process_and_goes_on(unbroken):
    study = a_study()
    study.advance(CELLS[:2])
    assert not study.advance(CELLS, seconds=0.0)
    other = pickle.loads(pickle.dumps(study))
    assert table(other.done.values()) == table(study.done.values())
    for one in (other, study):
        assert one.advance(CELLS)
        assert table(one.done.values()) == unbroken


def test_a_slice_has_the_digits_of_a_sweep_however_many_threads_blas_has():
    many = np.random.default_rng(0).normal(size=(20_000, 1))
    study = Study(many, n_restarts=1, max_iter=5)
    alone = study.cell(3, "tied")
    with threadpool_limits(2):
        study.advance([(3, "tied")])
    assert digits(study.done[3, "tied"]) == digits(alone)


# Workers


@pytest.fixture(scope="module")
def two_processes():
    """Leave none behind."""
    yield
    get_reusable_executor().shutdown(wait=True)


@pytest.mark.usefixtures("two_processes")
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("by_configuration", [False, True])
def test_two_processes_find_the_same_digits(by_configuration, monkeypatch, unbroken):
    monkeypatch.setattr(selection, "fit_starts", fails)  # here, not there
    if by_configuration:
        with joblib.parallel_config(n_jobs=2):
            cells = list(a_sweep())
    else:
        cells = list(a_sweep(n_jobs=2))
    assert sorted(cell[:2] for cell in cells) == CELLS
    assert table(cells) == unbroken


@pytest.fixture
def dask_client():
    """A client of two workers, each a process of one thread; both must be gone afterwards."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        processes = client.run(os.getpid).values()
        yield client
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


@pytest.mark.filterwarnings("error")
def test_two_dask_workers_find_the_same_digits(dask_client, monkeypatch, unbroken):
    from distributed import get_task_stream

    monkeypatch.setattr(selection, "fit_starts", fails)  # here, not there
    with get_task_stream(dask_client) as tasks, joblib.parallel_config(backend="dask"):
        cells = list(a_sweep())
    assert sorted(cell[:2] for cell in cells) == CELLS
    assert table(cells) == unbroken
    assert {task["worker"] for task in tasks.data} == set(dask_client.scheduler_info()["workers"])


class Recorder:
    """In joblib.Parallel's place: how it was made, and its tasks done at once, here."""

    made = ()

    def __init__(self, **settings):
        type(self).made = (*self.made, settings)

    def __call__(self, tasks):
        return iter([function(*args, **settings) for function, args, settings in tasks])


@pytest.fixture
def parallel(monkeypatch):
    """A recorder in joblib.Parallel's place, on a machine of four cores."""
    real = joblib.effective_n_jobs
    monkeypatch.setattr(Recorder, "made", ())
    monkeypatch.setattr(joblib, "Parallel", Recorder)
    monkeypatch.setattr(joblib, "effective_n_jobs", lambda n_jobs: 4 if n_jobs == -1 else real(n_jobs))
    return Recorder


def test_a_small_sweep_starts_no_process(parallel):
    assert len(list(a_sweep())) == len(CELLS)
    assert parallel.made == ()


def test_a_large_sweep_takes_all_cores_the_longest_cells_first(parallel, monkeypatch):
    monkeypatch.setattr(selection, "WORTH_WORKERS", a_study().work(CELLS))
    assert [cell[:2] for cell in a_sweep()] == [(K, name) for K in (4, 2, 1) for name in TYPES]
    assert parallel.made == ({"n_jobs": -1, "return_as": "generator_unordered"},)


@pytest.mark.parametrize(
    ("configured", "said", "made"), [(1, None, []), (2, None, [None]), (2, 1, []), (1, 3, [3]), (None, 1, [])]
)
def test_what_is_said_is_done_whatever_the_size(configured, said, made, parallel, monkeypatch):
    monkeypatch.setattr(selection, "WORTH_WORKERS", 0.0 if made == [] else np.inf)
    with joblib.parallel_config(n_jobs=configured):
        assert len(list(a_sweep([1], n_jobs=said))) == len(TYPES)
    assert [settings["n_jobs"] for settings in parallel.made] == made


def test_work_grows_with_all_that_is_done():
    study = a_study()
    assert study.work([(2, "full"), (4, "tied")]) == 3 * study.work([(2, "diag")])
    assert a_study(criteria=()).work(CELLS) == study.work(CELLS) / 2  # two starts, two folds
    assert Study(np.hstack([X, X]), **SETTINGS).work(CELLS) == 2 * study.work(CELLS)
    assert Study(X, n_restarts=1000).work([(5, "full")]) > selection.WORTH_WORKERS / 10
    assert sys.getsizeof(study) > X.nbytes  # by which Dask sees what is worth sending once


# What is refused

BAD = [
    ({"X": X[:, 0]}, "X has 1 dimension"),
    ({"X": [[1.0, np.nan]]}, "X.0, 1. is nan"),
    ({"X": [[0.0], [1e-300]]}, "spreads over 1e-300"),
    ({"n_components": [2, 0]}, "n_components is 0: give a whole number from 1 up"),
    ({"n_components": [2.0]}, "n_components is 2.0"),
    ({"n_components": [True]}, "n_components is True"),
    ({"n_components": 3}, r"n_components is 3: give a list, \[3\]"),
    ({"covariance_types": "full"}, r"covariance_types is 'full': give a list, \['full'\]"),
    ({"covariance_types": ["full", "round"]}, "covariance_types is 'round': choose one of full, tied"),
    ({"criteria": "bic"}, r"criteria is 'bic': give a list, \['bic'\]"),
    ({"criteria": ["bic", "dic"]}, "criteria is 'dic': choose one of bic, aic"),
    ({"n_restarts": 0}, "n_restarts is 0: give a whole number from 1 up"),
    ({"n_restarts": 2.5}, "n_restarts is 2.5"),
    ({"seed": -1}, "seed is -1: give a whole number from 0 up"),
    ({"seed": None}, "seed is None"),
    ({"method": "guess"}, "method is 'guess': choose one of k-means"),
    ({"floor": -0.1}, "floor is a share"),
    ({"floor": np.nan}, "floor is a share"),
    ({"tol": -1.0}, "tol is -1.0"),
    ({"max_iter": 1.5}, "max_iter is 1.5"),
    ({"criterion": "bic"}, "criterion is 'bic': choose one of log_likelihood"),
    ({"criteria": ["ari"]}, "give labels, one for each point"),
    ({"criteria": ["ari"], "labels": LABELS[:-1]}, "give labels, one for each point"),
    ({"criteria": ["ari"], "labels": LABELS[:, None]}, "give labels, one for each point"),
    ({"criteria": ["ari"], "labels": np.where(LABELS == 0, np.nan, 1.0)}, "NaN"),
    ({"criteria": ["held_out"], "folds": 1}, "folds is 1; give a whole number from 2"),
    ({"criteria": ["held_out"], "folds": len(X) + 1}, "folds is"),
    ({"n_jobs": 0}, "n_jobs == 0"),
]


@pytest.mark.parametrize(("changed", "advice"), BAD)
def test_bad_arguments_are_refused_at_the_call(changed, advice):
    with pytest.raises(ValueError, match=advice):
        sweep(**{"X": X, "n_components": [1, 2]} | changed)


def test_the_best_by_an_unknown_criterion_is_refused():
    with pytest.raises(ValueError, match="criterion is 'dic': choose one of bic"):
        best([], "dic")


# Does it find what is there?

BLOCKS = {
    "full": [[[3.0, 2.4], [2.4, 2.5]], [[0.3, 0.0], [0.0, 4.0]], [[2.5, -2.2], [-2.2, 2.5]]],
    "tied": [[[3.0, 2.2], [2.2, 2.0]]] * 3,
    "diag": [[[5.0, 0.0], [0.0, 0.4]], [[0.3, 0.0], [0.0, 4.0]], [[1.0, 0.0], [0.0, 1.0]]],
    "spherical": [np.eye(2), 0.15 * np.eye(2), 4.0 * np.eye(2)],
}
"""Three groups' covariances, by the simplest type that has them."""


def drawn(covariance_type, seed, N=200):
    rng = np.random.default_rng(seed)
    centres = np.array([[0.0, 0.0], [9.0, 3.0], [-2.0, 10.0]])
    labels = rng.choice(3, size=N, p=[0.4, 0.3, 0.3])
    factors = np.linalg.cholesky(BLOCKS[covariance_type])
    return centres[labels] + np.einsum("nij,nj->ni", factors[labels], rng.normal(size=(N, 2)))


def test_bic_finds_k_and_type_of_a_separated_mixture():
    hits = 0
    for seed in range(50):
        truth = list(BLOCKS)[seed % len(BLOCKS)]
        cells = sweep(
            drawn(truth, seed), [2, 3, 4], n_restarts=3, criteria=["bic"], seed=seed, tol=1e-5, n_jobs=1
        )
        hits += best(cells, "bic")[:2] == (3, truth)
    assert hits >= 45
