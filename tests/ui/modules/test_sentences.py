"""sentences.js: what a film says, against the run itself; each notable moment in a run that has it."""

import json
import re
from functools import cache

import numpy as np
import pytest

from gmmviz.em import Mixture, Run, e_step, fit
from gmmviz.figures.arrays import packed
from gmmviz.figures.narration import SENTENCES, WAITS, said_of, said_of_several, waits_of
from gmmviz.figures.scene import clusters, plane, scene, shown_states
from gmmviz.kmeans import kmeans
from gmmviz.numerals import numeral
from gmmviz.pages.stories.figure import story_film
from gmmviz.pages.stories.numbers import names_of
from gmmviz.pages.stories.story import SHELF
from tests.ui.modules.films import as_sent, collapsing, dense, explored, four_features, lined, paired
from tests.ui.modules.narrated import Narrated, SeveralNarrated, whose

SAY = """const read = scene.readScene(given);
const { sentence } = sentences.narrator(read);
return Array.from({ length: read.stops + 1 }, (_, stop) => sentence(stop));"""
NUMBERS = """const read = scene.readScene(given[0]);
return sentences.narrator(read).numbers(given[1]);"""
DESCRIBE = "return sentences.described(scene.readScene(given[0]), given[1]);"


def film_of(X, run, iterations=None, steps=True, features=(0, 1), names=None):
    """A film of a run on any points, without axes and curves."""
    iterations = iterations or list(range(len(run.states)))
    told = said_of(X, run, names or ["x", "y"], plane=features, equal=names is None)
    shown = plane(["points"], features=(features[0], features[-1]))
    mixtures = [run.states[t].mixture for t in iterations]
    found = scene(iterations, [shown], clouds=[X], mixtures=[mixtures], steps=steps, narration=told)
    return as_sent({"data": [], "scene": found})


@cache
def groups(seed=0, N=90, D=2):
    """Three groups that overlap a little."""
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(3 * k, 1 + 0.3 * k, (N // 3, D)) for k in range(3)])


@cache
def ran(seed=0, K=3, D=2, **settings):
    X = groups(seed, D=D)
    rng = np.random.default_rng(seed)
    start = Mixture(np.full(K, 1 / K), rng.choice(X, K, replace=False), np.tile(4 * np.eye(D), (K, 1, 1)))
    return X, fit(X, start, **settings)


# --- Against the run --------------------------------------------------------------------------------------------------

RUNS = {
    "the default": {},
    "whole iterations": {"steps": False},
    "moons, many": {"dataset": "moons", "n": 200, "k": 7, "max_iter": 40},
    "shared covariance": {"dataset": "stretched", "covariance": "tied", "n": 300, "max_iter": 30},
    "round": {"covariance": "spherical", "steps": False, "n": 200, "max_iter": 20, "init_seed": 4},
    "along the axes": {"covariance": "diag", "init": "k-means++", "n": 200, "init_seed": 2, "max_iter": 20},
    "axes of their own": {"dataset": "faithful", "k": 3, "max_iter": 25},
    "axes of their own, whole": {"dataset": "faithful", "k": 2, "steps": False, "tol": 1e-6, "max_iter": 100},
    "one": {"k": 1},
    "one, whole": {"k": 1, "steps": False},
    "converged": {"n": 150, "tol": 1e-6, "max_iter": 500},
    "not by colour": {"colour": "truth", "n": 120},
    "one member": {"colour": "membership", "n": 120, "max_iter": 12},
}


@pytest.mark.parametrize("settings", RUNS.values(), ids=RUNS)
def test_each_sentence_is_what_the_run_did(run_js, settings):
    shown = explored(**settings)
    names = None if shown.dataset.equal_axes else shown.dataset.columns
    iterations = shown.figure["scene"]["iterations"]
    expected = Narrated(shown.dataset.X, shown.run, iterations, settings.get("steps", True), names=names)
    said = run_js(SAY, shown.figure)
    assert said == expected.all()
    assert max(map(len, said)) <= run_js("return telling.LONGEST")


@pytest.mark.parametrize("steps", [True, False])
@pytest.mark.parametrize("make", [collapsing, dense, lined])
def test_so_on_every_page_of_one_run(run_js, make, steps):
    shown = make(steps=steps)
    features = (0,) if make is lined else (0, 1)
    iterations = shown.figure["scene"]["iterations"]
    expected = Narrated(shown.dataset.X, shown.run, iterations, steps, features)
    assert run_js(SAY, shown.figure) == expected.all()


def test_of_more_features_what_the_plane_shows_moves(run_js):
    shown = four_features((2, 1))
    expected = Narrated(shown.dataset.X, shown.run, range(len(shown.run.states)), True, (2, 1))
    assert run_js(SAY, shown.figure) == expected.all()


@pytest.mark.parametrize("steps", [True, False])
@pytest.mark.parametrize("iterations", [[0, 1, 2, 5, 6, 20, 40], [0, 3, 40]])
@pytest.mark.parametrize("seed", range(3))
def test_in_a_thinned_film_only_what_is_shown_counts(run_js, iterations, steps, seed):
    X, run = ran(seed, tol=0.0, max_iter=40)
    said = run_js(SAY, film_of(X, run, iterations, steps))
    assert said == Narrated(X, run, iterations, steps).all()
    assert any("ince iteration" in sentence for sentence in said)


def test_without_a_narration_nothing_is_said(run_js):
    assert set(run_js(SAY, paired().figure)) == {""}
    assert run_js(NUMBERS, [paired().figure, 2]) == []


# --- Of several runs side by side -------------------------------------------------------------------------------------


def film_of_several(X, runs, iterations, steps=True):
    """A film of runs on the same points, [(name, run)], without axes and curves."""
    histories = [run for _, run in runs if isinstance(run, Run)]
    planes = [
        plane(["points"], mixtures=histories.index(run))
        if run in histories
        else plane(["points"], **clusters(shown_states(run, iterations)))
        for _, run in runs
    ]
    mixtures = [[state.mixture for state in shown_states(run, iterations)] for run in histories]
    told = said_of_several(X, runs, ["x", "y"])
    found = scene(iterations, planes, clouds=[X], mixtures=mixtures, steps=steps, narration=told)
    return as_sent({"data": [], "scene": found})


@cache
def several():
    """Runs that end at different iterations, and for different reasons."""
    X, early = ran(0, max_iter=500, tol=1e-4)
    two = ran(0, K=2, max_iter=500, tol=1e-9)[1].states[-1].mixture  # and one of them split into equal halves
    whole, other = ((two.weights[k], two.means[k], two.covariances[k]) for k in (0, 1))
    half = (whole[0] / 2, *whole[1:])
    stuck = fit(X, Mixture(*map(np.array, zip(half, half, other, strict=True))), max_iter=60, tol=0)
    hard = kmeans(X, X[[0, 40, -1]])
    cut = ran(0, max_iter=4, tol=0)[1]
    return X, [("Early", early), ("Stuck", stuck), ("K-means", hard), ("Cut", cut)]


@pytest.mark.parametrize("steps", [True, False])
def test_of_several_runs_each_says_what_happens_in_it(run_js, steps):
    X, runs = several()
    iterations = list(range(max(run.states[-1].iteration for _, run in runs) + 1))
    said = run_js(SAY, film_of_several(X, runs, iterations, steps))
    assert said == SeveralNarrated(X, runs, iterations, steps).all()
    told = " ".join(said)
    assert "Stuck: Gaussians 1 and 2 share a group." in told
    assert "Cut: stopped after 4 iterations." in told
    assert re.search(r"K-means: centre \d moved", told)
    assert said[-1].startswith("The end. Early: converged after ")
    assert run_js(NUMBERS, [film_of_several(X, runs, iterations, steps), 2]) == []  # their curves say them


@pytest.mark.parametrize("steps", [True, False])
def test_of_several_runs_too_only_what_is_shown_counts_in_a_thinned_film(run_js, steps):
    X, runs = several()
    last = max(run.states[-1].iteration for _, run in runs)
    iterations = [0, 1, 2, 5, 9, last]
    said = run_js(SAY, film_of_several(X, runs, iterations, steps))
    assert said == SeveralNarrated(X, runs, iterations, steps).all()
    assert sum("Since iteration 2." in sentence for sentence in said) == 1 + steps


def test_one_of_them_may_collapse_starve_or_end_where_it_starts(run_js):
    X = np.array([[0.0, 0.0], [1, 0], [0, 1], [50, 50], [50, 50], [50, 50]])
    start = Mixture([0.5, 0.5], [[0.0, 0.0], [50.0, 50.0]], [np.eye(2)] * 2)
    runs = [("Free", fit(X, start)), ("Held", fit(X, start, reg_covar=1e-3, tol=0, max_iter=9))]
    runs.append(("None", fit(X, start, max_iter=0)))
    iterations = list(range(10))
    said = run_js(SAY, film_of_several(X, runs, iterations))
    assert said == SeveralNarrated(X, runs, iterations, True).all()
    n = runs[0][1].states[-1].iteration
    assert f"Free: broke off at {n}, where Gaussian 2 would shrink to nothing." in said[-1]
    assert any("Held: Gaussian 1 starves, with only 3 points' worth of weight." in one for one in said)
    assert "None: no iteration was allowed." in said[-1]


@pytest.mark.parametrize("name", ["another-start", "k-means", "moons"])
def test_so_do_stories_with_two_films_and_have_room_for_it(run_js, name):
    story = SHELF[name]
    told, _ = names_of(story)
    shown = [told[film.name] for film in story.shown]
    runs = [(film.title, one.run) for film, one in zip(story.shown, shown, strict=True)]
    said = run_js(SAY, as_sent(story_film(story, shown)))
    iterations = range(max(one.last for one in shown) + 1)
    assert said == SeveralNarrated(shown[0].dataset.X, runs, iterations, story.steps).all()
    assert max(map(len, said)) <= run_js("return telling.LONGEST_OF_SEVERAL")


# --- A film that waits ------------------------------------------------------------------------------------------------


def test_a_film_that_waits_says_so_and_nothing_of_its_end(run_js):
    X, run = ran(1, max_iter=9)
    film = film_of(X, run, [0, 1])
    film["scene"]["narration"] = as_sent(waits_of([state.log_likelihood for state in run.states[:2]]))
    assert set(run_js(SAY, film)) == {WAITS}
    before, now = (numeral(state.log_likelihood, ".1f") for state in run.states[:2])
    gain = numeral(run.states[1].log_likelihood - run.states[0].log_likelihood, ".3g")
    assert run_js(NUMBERS, [film, 0]) == [
        ["Iteration", "0", ""],
        ["Log-likelihood now", before, ""],
        ["at the end", "?", ""],
    ]
    assert run_js(NUMBERS, [film, 2])[1] == ["Log-likelihood now", now, f"+{gain} in this step"]
    film["scene"]["narration"] = as_sent(waits_of())
    assert (set(run_js(SAY, film)), run_js(NUMBERS, [film, 0])) == ({WAITS}, [])


def test_components_have_the_numbers_that_the_plane_gives_them(run_js):
    X, run = ran(max_iter=4)
    film = film_of(X, run)
    film["scene"]["planes"][0]["numbers"] = [7, 8, 9]
    expected = [
        re.sub(r"(?<=Gaussian )\d", lambda k: str(int(k[0]) + 6), s)
        for s in Narrated(X, run, range(5), True).all()
    ]
    assert run_js(SAY, film) == expected


# --- Notable moments --------------------------------------------------------------------------------------------------


def said_in(run_js, X, run, words):
    """The sentences of a run's film in which these words stand."""
    said = run_js(SAY, film_of(X, run))
    assert said == Narrated(X, run, range(len(run.states)), True).all()
    return [sentence for sentence in said if words in sentence]


def test_two_that_share_a_group(run_js):
    X = groups()
    means = [X[0], X[0] + 0.05, X[-1]]
    run = fit(X, Mixture([0.3, 0.3, 0.4], means, [np.eye(2)] * 3), max_iter=8, tol=0)
    assert said_in(run_js, X, run, "Gaussians 1 and 2 share a group.")
    X, run = ran(0, K=2, max_iter=8)
    assert said_in(run_js, X, run, "share") == []


def test_one_that_starves(run_js):
    X = np.concatenate([groups(), [[30.0, 30.0], [30.5, 30.2], [30.2, 30.9], [30.9, 30.4]]])
    start = Mixture([0.5, 0.5], [X[5], X[-1]], [4 * np.eye(2)] * 2)
    run = fit(X, start, max_iter=6, tol=0)
    assert any(
        "Gaussian 2 starves: only 4 points' worth of weight." in s for s in said_in(run_js, X, run, "starves")
    )
    X, run = ran(0, K=2, max_iter=6)
    assert said_in(run_js, X, run, "starves") == []


def test_one_that_lost_its_points(run_js):
    X = groups()
    run = fit(X, Mixture([0.5, 0.5], [X[0], [1e6, 1e6]], [np.eye(2)] * 2), max_iter=4, tol=0)
    (said,) = said_in(run_js, X, run, "lost all its points")
    assert said.endswith("Gaussian 2 lost all its points, and stays where it is.")


def test_one_at_the_floor_and_a_fall(run_js):
    X = np.concatenate([groups(), np.full((9, 2), 20.0)])
    start = Mixture([0.5, 0.5], [X[5], X[-1]], [4 * np.eye(2)] * 2)
    run = fit(X, start, max_iter=6, tol=0, reg_covar=1e-6)
    assert said_in(run_js, X, run, "Gaussian 2 has shrunk as far as the floor lets it.")
    X, run = ran(1, max_iter=40, tol=0, reg_covar=3.0)
    falls = [event for event in run.events if event.kind == "decreased"]
    assert len(falls) > 1
    told = said_in(run_js, X, run, "The log-likelihood fell by")
    inner = [fall for fall in falls if fall.iteration < len(run.states) - 1]
    assert [sentence.rpartition("by ")[2] for sentence in told] == [
        f"{numeral(fall.amount, '.3g')}." for fall in inner
    ]


def test_nearly_converged_and_the_end(run_js):
    X, run = ran(0, max_iter=500, tol=1e-7)
    assert run.converged
    said = run_js(SAY, film_of(X, run))
    nearly = [sentence for sentence in said if "Nearly converged" in sentence]
    assert 0 < len(nearly) < len(run.states)
    assert (
        said[-1]
        == f"Converged after {len(run.states) - 1} iterations: one more would change next to nothing."
    )
    X, run = ran(0, max_iter=len(run.states) - 3, tol=0)
    said = run_js(SAY, film_of(X, run))
    assert not any("onverged:" in sentence for sentence in said)
    assert said[-1].endswith("the most allowed: EM has not converged yet.")
    X, run = ran(0, max_iter=400, tol=0)
    said = run_js(SAY, film_of(X, run))
    assert said[-1].endswith("the most allowed: the last gained nothing that its digits can tell.")
    assert said == Narrated(X, run, range(len(run.states)), True).all()


def test_the_end_says_why(run_js):
    X = np.array([[0.0, 0.0], [1, 0], [0, 1], [50, 50], [50, 50], [50, 50]])
    start = Mixture([0.5, 0.5], [[0.0, 0.0], [50.0, 50.0]], [np.eye(2)] * 2)
    for steps in (True, False):
        run = fit(X, start)
        assert run.stop_reason == "collapsed"
        assert (
            run_js(SAY, film_of(X, run, steps=steps)) == Narrated(X, run, range(len(run.states)), steps).all()
        )
        assert run_js(SAY, film_of(X, run, steps=steps))[-1].endswith("Gaussian 2 would shrink to nothing.")
    X, run = ran(max_iter=1)
    assert (
        run_js(SAY, film_of(X, run))[-1]
        == "Stopped after 1 iteration, the most allowed: EM has not converged yet."
    )


def test_a_run_stopped_before_a_fall(run_js):
    X, run = next(
        (X, run)
        for X, run in (ran(seed, max_iter=200, tol=1e-9, reg_covar=3.0) for seed in range(9))
        if run.stop_reason == "decreased"
    )
    said = run_js(SAY, film_of(X, run))
    assert said == Narrated(X, run, range(len(run.states)), True).all()
    assert said[-1].startswith(f"EM stops at iteration {len(run.states) - 1}: in the next step")


# --- The numbers beside it --------------------------------------------------------------------------------------------


def gained(gain):
    return numeral(gain, ".2g" if gain < 1 else ".3g")


@pytest.mark.parametrize("steps", [True, False])
def test_the_numbers_are_those_of_the_iteration_shown_and_of_the_end(run_js, steps):
    X, run = ran(2, max_iter=9, tol=0)
    L = [state.log_likelihood for state in run.states]
    film = film_of(X, run, steps=steps)
    for stop in (5, 6):
        t = stop // 2 if steps else stop
        gain = L[t] - L[t - 1]
        assert run_js(NUMBERS, [film, stop]) == [
            ["Iteration", str(t), "of 9"],
            [
                "Log-likelihood now",
                numeral(L[t], ".1f"),
                f"+{numeral(gain, '.2g' if gain < 1 else '.3g')} in this step",
            ],
            ["at the end", numeral(L[-1], ".1f"), ""],
        ]
    assert run_js(NUMBERS, [film, 0])[1] == ["Log-likelihood now", numeral(L[0], ".1f"), ""]


def test_small_numbers_have_more_decimals_and_a_thinned_film_the_gain_of_one_step(run_js):
    X, run = ran(2, max_iter=20, tol=0)
    L = [state.log_likelihood for state in run.states]
    film = film_of(X, run, [0, 10, 20])
    iteration, now, _ = run_js(NUMBERS, [film, 2])
    assert iteration == ["Iteration", "10", "of 20"]
    assert now[2] == f"+{gained(L[10] - L[9])} in this step"
    small = [-99.5, 12.25, -100.125]
    film["scene"]["narration"]["log_likelihoods"] = packed([*small, *[0.0] * 17, -0.0001], "f8")
    film["scene"]["iterations"] = [0, 2, 20]
    assert run_js(NUMBERS, [film, 0])[1][1] == "−99.500"
    assert run_js(NUMBERS, [film, 2])[1:] == [
        ["Log-likelihood now", "−100.1", "−112 in this step"],
        ["at the end", "0.000", ""],
    ]


def test_a_gain_that_is_less_than_a_digit_can_tell_is_none(run_js):
    values = [-2000.0, -1000.0, -1000.0 + 2e-10, -999.0]
    assert run_js("return [1, 2, 3].map((t) => facts.gain(given, t))", values) == [1000, 0, pytest.approx(1)]


# --- For who does not see it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stop", [0, 3, 8])
def test_what_stands_where_and_how_sure(run_js, stop):
    X, run = ran(1, max_iter=6, tol=0)
    state = run.states[stop // 2]
    R = e_step(X, state.mixture)[0]
    counts = np.bincount(whose(X, state), minlength=3)
    said = run_js(DESCRIBE, [film_of(X, run), stop])
    for k, (weight, (x, y)) in enumerate(zip(state.mixture.weights, state.mixture.means, strict=True)):
        x, y, percent = (numeral(value, ".3g") for value in (x, y, 100 * weight))
        stands = f"Gaussian {k + 1}: mean ({x}, {y}), weight {percent} %"
        assert (f"{stands}, most probable for {counts[k]} of 90 points." if stop else f"{stands}.") in said
    sure = f"{(R.max(axis=1) >= 0.9).sum()} of 90 points belong to one Gaussian by at least 90 %."
    assert said.endswith(sure) == (stop > 0)


def test_of_two_sides_each_is_described(run_js):
    shown = paired()
    hard, soft = shown.run.kmeans.states[1], shown.run.em.states[1]
    said = run_js(DESCRIBE, [shown.figure, 3])
    left, right = said.split(" Mixture (EM): soft: ")
    x, y = hard.centres[0]
    n = int((hard.labels == 0).sum())
    assert left.startswith(
        f"K-means: hard: Centre 1: at ({numeral(x, '.3g')}, {numeral(y, '.3g')}), nearest to {n} of 60"
    )
    assert f"most probable for {(whose(shown.dataset.X, soft) == 2).sum()} of 60 points." in right


def test_planes_of_one_run_are_described_once(run_js):
    said = run_js(DESCRIBE, [dense().figure, 3])
    assert said.count("Gaussian 1:") == 1


def test_all_templates_are_sent_as_they_stand():
    sent = explored().figure["scene"]["narration"]["sentences"]
    assert sent == json.loads(json.dumps(SENTENCES))
