"""Events in words: one sentence for one component or several, and a page's own words for some kinds."""

import numpy as np
import pytest

from gmmviz.em import EVENT_KINDS, Event, Mixture, fit
from gmmviz.em.sentences import CAUSES, SENTENCES, counted, listed, named, sentence
from gmmviz.kmeans import KINDS


def ran(points, means, variance=1.0, **settings):
    K = len(means)
    start = Mixture(np.full(K, 1 / K), np.array(means)[:, None], np.full((K, 1, 1), variance))
    return fit(np.array(points, dtype=float)[:, None], start, **settings)


def test_counts_lists_and_names():
    assert [counted(n, "point") for n in (0, 1, 2)] == ["0 points", "1 point", "2 points"]
    assert [listed(range(n)) for n in (1, 2, 3)] == ["0", "0 and 1", "0, 1 and 2"]
    assert [named((0,)), named((0, 2, 4))] == ["Component 1", "Components 1, 3 and 5"]


def test_every_kind_has_words_and_no_other():
    assert set(SENTENCES) == {*EVENT_KINDS, *KINDS}


FLOOR = (
    "shrunk to the floor on their covariances. Without the floor each would collapse onto a few points or a line, so "
    "the likelihood says little: try another start, a smaller K or a shared (tied) covariance."
)
SAID = [
    (
        Event(0, "projected", covariance_type="diag"),
        "The start's covariances were not diag. They were replaced",
    ),
    (
        Event(0, "identical", (0, 2)),
        "Components 1 and 3 begin with the same mean and covariance. Nothing tells",
    ),
    (
        Event(1, "degenerate", (1,), "few_points", points=(1.239,), n_features=2),
        "Component 2 rests on too few points (1.23); a covariance in 2 dimensions needs at least 3.",
    ),
    (
        Event(1, "degenerate", (0, 4), "few_points", points=(1.2, 2.0), n_features=1),
        "Components 1 and 5 rest on too few points (1.2 and 2); a covariance in 1 dimension needs at least 2.",
    ),
    (
        Event(1, "degenerate", (0,), "little_weight", points=(1.5,), n_features=2),
        "Component 1 has the weight of only 1.5 points, so its mean follows single points.",
    ),
    (
        Event(1, "degenerate", (0, 1), "little_weight", points=(1.5, 2.0), n_features=2),
        "Components 1 and 2 have the weight of only 1.5 and 2 points, so their means follow single points.",
    ),
    (
        Event(
            1,
            "degenerate",
            tuple(range(16)),
            "few_points",
            points=(1.2, 0.97, 2.0, *[1.0] * 13),
            n_features=2,
        ),
        "16 components rest on too few points (from 0.97 to 2); a covariance in 2 dimensions needs at least 3.",
    ),
    (
        Event(1, "degenerate", tuple(range(6)), "little_weight", points=(0.998,) * 6, n_features=2),
        "6 components have the weight of only 0.99 points, so their means",
    ),
    (
        Event(1, "degenerate", (0,), "floor"),
        "Component 1 has shrunk to the floor on its covariance. Without",
    ),
    (Event(1, "degenerate", (0, 1), "floor"), f"Components 1 and 2 have {FLOOR}"),
    (
        Event(1, "degenerate", (0, 1), "constant_feature", feature=3),
        "Components 1 and 2 have shrunk to the floor on their covariances. The 4th feature of the data is "
        "constant, so every component is flat along it: drop it.",
    ),
    (Event(1, "empty", (1,)), "Component 2 lost all its points. It stays where it is, at weight 0."),
    (
        Event(1, "empty", (1, 2)),
        "Components 2 and 3 lost all their points. They stay where they are, at weight 0.",
    ),
    (
        Event(5, "decreased", cause="floor", amount=1234.5),
        "The log-likelihood fell by 1.23e+03. Without a floor",
    ),
    (
        Event(5, "decreased", amount=1234.5),
        "The log-likelihood fell by 1.23e+03, more than the computer's digits explain.",
    ),
    (
        Event(5, "collapsed", (1,), "flat", direction=(1.0, 0.01, -0.983), amount=0.0123),
        "Component 2 became too flat: the computer's 16 digits leave the log-likelihood unsure by 0.012, too much to "
        "tell whether EM climbs. Among its points the 1st feature - 0.98 times the 3rd feature, each in units "
        "of its spread, hardly varies: drop one of these features, set a floor on the covariance, or use a diag or "
        "spherical covariance. The state before is kept.",
    ),
    (
        Event(0, "collapsed", (0, 1), "flat", direction=(-0.5, 1.0), amount=9.0),
        "Components 1 and 2 became too flat",
    ),
    (
        Event(5, "collapsed", (1,), "one_point", rows=(7,)),
        "Component 2 collapsed: its covariance would no longer be positive definite. It has shrunk onto a single point "
        "or copies of it (the 8th row of the data), where the likelihood grows without bound. The state "
        "before is kept. Remedies: a floor on the covariance, another start, or a shared (tied) covariance.",
    ),
    (
        Event(5, "collapsed", (0,), "few_rows", rows=(3, 9)),
        "It rests on 2 different points only (the 4th and 10th row of the data).",
    ),
    (Event(5, "collapsed", (0,), "line_or_plane"), "Its points lie on a line or plane of fewer dimensions"),
    (
        Event(5, "collapsed", (0,), "linear_feature", feature=2),
        "The 3rd feature of the data is a linear",
    ),
    (
        Event(5, "collapsed", (0,), "flat_data", n_points=5, n_features=8),
        "There are 5 points in 8 dimensions, which lie in",
    ),
    (
        Event(0, "idle", (0,)),
        "Centre 1 has no points: every point is nearer to another. It stays where it is.",
    ),
    (
        Event(0, "idle", (1, 3)),
        "Centres 2 and 4 have no points: every point is nearer to another. They stay where",
    ),
    (Event(0, "tie", rows=(4,)), "1 point is equally far from two centres."),
    (Event(0, "tie", rows=(4, 6)), "2 points are equally far from two centres."),
]


@pytest.mark.parametrize(
    ("event", "said"), SAID, ids=[f"{e.kind}-{e.cause}-{len(e.components)}" for e, _ in SAID]
)
def test_what_is_said(event, said):
    assert said in event.message
    assert sentence(event) == event.message
    assert event.message.endswith(".")


def test_every_cause_is_among_what_is_said():
    assert {event.cause for event, _ in SAID} == {*CAUSES, "", "few_points", "little_weight", "floor"}


def test_a_page_chooses_its_own_words_by_kind():
    event = Event(2, "empty", (0, 1))
    assert sentence(event, {"empty": lambda e: f"{len(e.components)} gone"}) == "2 gone"
    assert sentence(event, {"collapsed": lambda e: "no"}) == event.message


# What a run tells.


def test_components_on_too_few_points_are_told_as_one():
    run = ran([0, 10, 20, 20.5, 21, 40, 40.5, 41], [0.0, 10.0, 20.0, 40.0], reg_covar=0.1, max_iter=3)
    (told,) = [event for event in run.events if event.iteration == 1]
    assert told[:4] == (1, "degenerate", (0, 1), "few_points")
    counts = 8 * run.states[1].mixture.weights[:2]
    assert told.points == tuple(counts.tolist())


def test_components_without_points_are_told_as_one():
    run = ran([0, 1, 2], [1.0, 1e5, 2e5], max_iter=2)
    assert [event[:3] for event in run.events] == [(1, "empty", (1, 2))]


def test_the_amount_of_a_fall_is_the_difference_of_two_states():
    run = ran([0, 1, 2, 8, 9, 10], [1.0, 9.0], reg_covar=5.0, tol=0, max_iter=30)
    falls = [event for event in run.events if event.kind == "decreased"]
    L = [state.log_likelihood for state in run.states]
    assert falls
    assert [event.amount for event in falls] == [
        L[event.iteration - 1] - L[event.iteration] for event in falls
    ]
