"""Words that agree with their numbers: the engine's own messages, told for several components at once."""

import inspect

import numpy as np

from gmmviz import events, kmeans
from gmmviz.em import Event, Mixture, fit
from gmmviz.ui.words import PLURALS, counted, grouped, listed


def ran(points, means, variance=1.0, **settings):
    K = len(means)
    start = Mixture(np.full(K, 1 / K), np.array(means)[:, None], np.full((K, 1, 1), variance))
    return fit(np.array(points, dtype=float)[:, None], start, **settings)


def test_counts_and_lists():
    assert [counted(n, "point") for n in (0, 1, 2)] == ["0 points", "1 point", "2 points"]
    assert [listed(range(n)) for n in (1, 2, 3)] == ["0", "0 and 1", "0, 1 and 2"]


def test_components_on_too_few_points_are_told_as_one():
    run = ran([0, 10, 20, 20.5, 21, 40, 40.5, 41], [0.0, 10.0, 20.0, 40.0], reg_covar=0.1, max_iter=3)
    alike = [event for event in run.events if event.kind == "floor" and event.iteration == 1]
    assert [event.component for event in alike] == [0, 1]
    told = [message for iteration, message in grouped(run.events) if iteration == 1]
    assert len(told) == 1
    assert told[0].startswith("Components 1 and 2 rest on too few points (")


def test_components_without_points_are_told_as_one():
    run = ran([0, 1, 2], [1.0, 1e5, 2e5], max_iter=2)
    assert [event.kind for event in run.events][:2] == ["empty", "empty"]
    assert grouped(run.events)[0].message == (
        "Components 2 and 3 lost all their points. They stay where they are, at weight 0."
    )


def test_what_differs_in_more_than_the_component_stays_apart():
    happened = [
        Event(1, 0, "floor", "Component 1 rests on too few points (1.2)."),
        Event(1, 1, "empty", "Component 2 lost all its points. It stays where it is, at weight 0."),
        Event(2, 2, "floor", "Component 3 rests on too few points (1)."),
        Event(2, 3, "identical", "Components 1 and 4 begin with the same mean and covariance."),
        Event(2, 4, "identical", "Components 1 and 5 begin with the same mean and covariance."),
    ]
    assert [tuple(told) for told in grouped(happened)] == [(event[0], event[3]) for event in happened]
    assert grouped(()) == []


def test_centres_are_told_as_one_too():
    message = "Centre {} has no points: every point is nearer to another. It stays where it is."
    (told,) = grouped([Event(0, k, "empty", message.format(k + 1)) for k in (1, 3, 4)])
    assert told.message == (
        "Centres 2, 4 and 5 have no points: every point is nearer to another. They stay where they are."
    )


def test_the_engine_still_says_what_is_made_plural():
    """Each phrase stands in a message of the package; else the plural would be the singular's."""
    source = (inspect.getsource(events) + inspect.getsource(kmeans)).replace('"\n            "', "")
    for singular, _ in PLURALS:
        assert singular.rstrip() in source, singular
