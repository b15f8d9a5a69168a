"""The film's sentences: all templates in one place, with nothing in them that nobody fills in, and short enough."""

import re
from itertools import chain

import numpy as np
import pytest

from gmmviz.em import Mixture, fit
from gmmviz.em.stopping import STOP_REASONS
from gmmviz.figures.arrays import unpacked
from gmmviz.figures.narration import (
    DESCRIPTION,
    DIRECTIONS,
    NUMBERS,
    OF_CENTRES,
    RUNS,
    SENTENCES,
    SENTENCES_OF_A_STORY,
    SENTENCES_OF_SEVERAL,
    WORDS,
    WORDS_OF_SEVERAL,
    WORDS_OF_TWO,
    said_of,
    said_of_several,
    waits_of,
)
from gmmviz.kmeans import kmeans
from gmmviz.pages.explorer.settings import Explorer
from tests.figures.test_film import ran

FACTS = {
    "K": "30",
    "N": "20,000",
    "n": "19,999",
    "k": "30",
    "j": "29",
    "s": "1,998",
    "t": "2,000",
    "distance": "0.0123",
    "direction": max(DIRECTIONS, key=len),
    "name": "Waiting (minutes)",
    "before": "0.0345",
    "after": "0.0321",
    "amount": "0.0123",
    "points": "4.2",
    "left": "0.012",
}
LONGEST = 116  # as in telling.js


def forms(template):
    return (
        [template]
        if isinstance(template, str)
        else list(template.values() if isinstance(template, dict) else template)
    )


def test_no_template_has_a_place_that_nobody_fills():
    for template in chain.from_iterable(map(forms, SENTENCES.values())):
        assert set(re.findall(r"\{(\w*)\}", template)) <= {*FACTS, "moved", "changed"}, template
    for template in chain.from_iterable(map(forms, (SENTENCES_OF_SEVERAL | OF_CENTRES).values())):
        assert set(re.findall(r"\{(\w*)\}", template)) <= {*FACTS, "told", "each"}, template
    assert OF_CENTRES.keys() <= SENTENCES_OF_SEVERAL.keys()
    for template in chain(WORDS.values(), WORDS_OF_SEVERAL.values(), WORDS_OF_TWO.values(), RUNS.values()):
        assert set(re.findall(r"\{(\w*)\}", template)) <= {"t", "last", "runs", "name", "end"}
    assert {len(row) for row in NUMBERS.values()} == {3}
    for template in DESCRIPTION.values():
        assert set(re.findall(r"\{(\w*)\}", template)) <= {"k", "mean", "weight", "n", "N", "heading"}


@pytest.mark.parametrize("form", ["none", "one", "many"])
def test_a_story_that_stops_em_does_not_reproach_it(form):
    assert "converged" not in SENTENCES_OF_A_STORY["max_iter"][form]
    assert SENTENCES_OF_A_STORY.keys() == SENTENCES.keys()


@pytest.mark.parametrize("name", SENTENCES)
def test_no_sentence_takes_more_than_its_room(name):
    since = "_since" if name == "e_step" else ""
    changed, moved = (longest(SENTENCES[inner], FACTS) for inner in (f"changed{since}", "moved"))
    assert len(longest(SENTENCES[name], FACTS | {"changed": changed, "moved": moved})) <= LONGEST
    for template in forms(SENTENCES[name]):
        assert template.endswith((".", "}"))


def longest(template, facts):
    return max((form.format(**facts) for form in forms(template)), key=len)


def test_what_is_notable_has_room_beside_what_moved():
    moved = longest(SENTENCES["moved"], FACTS)
    for name in ("fell", "emptied", "shrunk", "starves", "shares", "nearly"):
        said = f"{SENTENCES['m_step'].format(moved=moved)} {longest(SENTENCES[name], FACTS)}"
        assert len(said) <= LONGEST, said


def test_each_stop_reason_has_its_sentence():
    assert set(STOP_REASONS) <= SENTENCES.keys() & SENTENCES_OF_SEVERAL.keys()
    assert len(DIRECTIONS) == len(set(DIRECTIONS)) == 8


def test_what_the_film_is_told_of_a_run():
    dataset, run = ran(Explorer(dataset="faithful", k=2, max_iter=5))
    told = said_of(dataset.X, run, dataset.columns, equal=dataset.equal_axes)
    assert told["stop_reason"] == "max_iter"
    assert told["collapsed"] == told["happened"] == []
    np.testing.assert_array_equal(
        unpacked(told["log_likelihoods"]), [state.log_likelihood for state in run.states]
    )
    assert (told["features"], told["names"], told["equal"]) == ([0, 1], list(dataset.columns), False)
    np.testing.assert_allclose(told["ranges"], np.ptp(dataset.X, axis=0))
    line = said_of(dataset.X, run, ["x"], plane=(1,))
    assert (line["features"], line["equal"]) == ([1], True)
    np.testing.assert_allclose(line["ranges"], np.ptp(dataset.X[:, 1]))


def test_what_happened_is_told_as_facts():
    X = np.concatenate([np.random.default_rng(0).normal(size=(40, 2)), np.full((5, 2), 9.0)])
    start = Mixture([0.4, 0.3, 0.3], [[0.0, 0.0], [9.0, 9.0], [1e6, 1e6]], [np.eye(2)] * 3)
    told = said_of(X, fit(X, start, reg_covar=1e-6, max_iter=9, tol=0), ["x", "y"])
    kinds = {(event["what"], tuple(event["components"])) for event in told["happened"]}
    assert {("emptied", (2,)), ("shrunk", (1,))} <= kinds
    told = said_of(X, fit(X, start), ["x", "y"])
    assert (told["stop_reason"], told["collapsed"]) == ("collapsed", [1])
    thin = X[:40, :1] * [1.0, 2.0] + 4e-7 * np.random.default_rng(1).normal(size=(40, 2))
    told = said_of(thin, fit(thin, Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])), ["x", "y"])
    assert (told["stop_reason"], told["collapsed"]) == ("flat", [0])


def test_what_the_film_is_told_of_several_runs():
    dataset, run = ran(Explorer(dataset="faithful", k=2, max_iter=5))
    hard = kmeans(dataset.X, run.states[0].mixture.means)
    told = said_of_several(dataset.X, [("EM", run), ("hard", hard)], dataset.columns, equal=False)
    soft, centres = told["each"]
    alone = said_of(dataset.X, run, dataset.columns, equal=False)
    assert soft == alone | {"name": "EM", "last": 5, "sentences": SENTENCES_OF_SEVERAL}
    assert (centres["name"], centres["last"]) == ("hard", hard.states[-1].iteration)
    assert "log_likelihoods" not in centres
    assert {name: centres[name] for name in ("features", "names", "ranges", "equal")} == {
        name: alone[name] for name in ("features", "names", "ranges", "equal")
    }


def test_a_film_that_waits_is_told_nothing_of_what_comes():
    assert waits_of().keys() == {"waits"}
    told = waits_of([-3.0, -2.5])
    np.testing.assert_array_equal(unpacked(told["log_likelihoods"]), [-3.0, -2.5])
    assert told.keys() == {"waits", "numbers", "log_likelihoods"}
