"""The experiment: its table, its address there and back, noise and parts, and the run it makes."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.corrections import Correction, ThereAre, Unknown
from gmmviz.datasets import DATASETS, SPECS
from gmmviz.em import COVARIANCE_TYPES, CRITERIA
from gmmviz.experiment import MOST, OF_OWN, Experiment, most_components
from gmmviz.frame import Frame
from gmmviz.pages.choose_k.settings import ChooseK
from gmmviz.pages.compare.settings import Compare
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.restarts.settings import Restarts
from gmmviz.settings import Choice, Number
from gmmviz.starts import STARTS
from gmmviz.theme import PALETTE
from tests.strategies import experiments, queries, valid_values

TABLE = Explorer.table()
FIXED = [name for name, spec in DATASETS.items() if spec.fixed]
MADE = [name for name, spec in DATASETS.items() if not spec.fixed]
NUMBERS = [name for name, row in TABLE.items() if isinstance(row, Number)]
CHOICES = [name for name, row in TABLE.items() if isinstance(row, Choice)]


# The table


def test_the_table_has_a_row_for_every_setting_in_order():
    fields = dataclasses.fields(Explorer)
    assert list(TABLE) == [field.name for field in fields]
    assert [row.default for row in TABLE.values()] == [field.default for field in fields]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_a_range_and_a_step(name):
    assert TABLE[name].low < TABLE[name].high
    assert TABLE[name].step > 0


@pytest.mark.parametrize("name", CHOICES)
def test_choices_have_titles_that_differ(name):
    titles = list(TABLE[name].choices.values())
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_choices_are_the_registries():
    registries = {"dataset": SPECS, "covariance": COVARIANCE_TYPES, "init": STARTS, "criterion": CRITERIA}
    assert {name: list(TABLE[name].choices) for name in registries} == {
        name: list(registry) for name, registry in registries.items()
    }


def test_the_issues_ranges_and_defaults():
    assert (TABLE["n"].low, TABLE["n"].high) == (20, 20_000)
    assert (TABLE["k"].low, TABLE["k"].high) == (1, 30) == (1, len(PALETTE))
    default = Explorer()
    assert (default.floor, default.tol, default.max_iter, default.it) == (1e-6, 1e-6, 1000, 0)


# The address


@given(experiments())
def test_an_address_gives_the_same_experiment_back(experiment):
    query = experiment.to_query()
    assert Explorer.from_query(query) == (experiment, [])
    assert all(type(text) is str for text in query.values())


@given(experiments(), experiments())
def test_a_page_with_other_defaults_has_other_addresses_for_the_same_experiment(experiment, defaults):
    assert Explorer.from_query(experiment.to_query(defaults), defaults) == (experiment, [])
    assert defaults.to_query(defaults) == {}


@given(experiments())
def test_an_address_holds_only_what_differs_from_the_defaults(experiment):
    changed = {name for name in TABLE if getattr(experiment, name) != TABLE[name].default}
    assert set(experiment.to_query()) == changed


@given(queries(TABLE), experiments())
def test_what_an_address_does_not_name_stays_as_the_page_has_it(query, defaults):
    experiment, _ = Explorer.from_query(query, defaults)
    bound = {"noise", "k", *OF_OWN} | ({"dots"} if experiment.dataset != "drawn" else set())
    for name in TABLE.keys() - query.keys() - bound:
        assert getattr(experiment, name) == getattr(defaults, name)
    assert (
        experiment.k == min(defaults.k, most_components(experiment.dataset, experiment.n, experiment.rows))
        or "k" in query
    )


def test_there_are_never_more_components_than_points():
    assert Explorer(n=20, k=30).k == 20
    assert Explorer(dataset="iris", n=20, k=30).k == 30
    fewer = Correction("k", "25", 20, ThereAre(20, "points"))
    for asked, correction in (("25", fewer), (["2", "25"], fewer), ("1e9", Correction("k", "1e9", 20))):
        experiment, corrections = Explorer.from_query({"n": "20", "k": asked})
        assert (experiment.k, corrections) == (20, [correction])
    assert Explorer.from_query({"n": "20", "k": "20"}) == (Explorer(n=20, k=20), [])


def test_every_fixed_dataset_has_points_for_the_most_components():
    assert all(len(Explorer(dataset=name).data().X) >= MOST for name in FIXED if name != "drawn")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("k", "0", 1),
        ("k", "-5", 1),
        ("k", "31", 30),
        ("k", "5.7", 6),
        ("k", "1e999", 30),
        ("k", "-inf", 1),
        ("n", "999999999999999999999", 20_000),
        ("noise", "7", 5.0),
        ("noise", "-1", 0.0),
        ("floor", "3e-5", 1e-5),
        ("floor", "4e-5", 1e-4),
        ("floor", "7", 0.1),
        ("floor", "inf", 0.1),
        ("tol", "-5", 0.0),
        ("tol", "1e-13", 1e-12),
        ("dataset", "Moons", "moons"),
        ("dataset", "tutorial five", "tutorial-five"),
        ("init", "kmeans", "k-means"),
        ("covariance", "sphericl", "spherical"),
    ],
)
def test_a_value_out_of_range_or_misspelt_becomes_the_nearest(name, text, value):
    experiment, corrections = Explorer.from_query({name: text})
    assert getattr(experiment, name) == value
    assert corrections == [Correction(name, text, value)]


@given(st.sampled_from(NUMBERS), st.floats(allow_nan=False))
def test_no_valid_number_is_nearer_than_the_one_taken(name, value):
    row = TABLE[name]
    taken = row.nearest(value)
    row.check(taken)
    best = min(max(value, row.low), row.high)
    assert abs(taken - best) <= (0.5 if row.whole else 0)


@pytest.mark.parametrize("text", ["", "abc", "nan", "<script>"])
def test_nonsense_becomes_the_pages_own_default(text):
    defaults = Explorer(dataset="moons", noise=0.2, k=8, covariance="tied", floor=1e-3)
    for name in ("dataset", "noise", "k", "covariance", "floor"):
        experiment, corrections = Explorer.from_query({name: text}, defaults)
        assert experiment == defaults
        assert len(corrections) == 1


# Noise and the parts


@pytest.mark.parametrize("name", MADE)
def test_a_datasets_own_noise_is_no_difference(name):
    own = DATASETS[name].default_noise
    assert Explorer(dataset=name, noise=own) == Explorer(dataset=name)
    assert Explorer(dataset=name).shown()["noise"] == own
    assert Explorer(dataset=name, noise=2.5).shown()["noise"] == 2.5


@pytest.mark.parametrize("name", FIXED)
def test_fixed_datasets_have_no_noise_and_depend_on_no_seed(name):
    experiment = Explorer(dataset=name, noise=2.0, n=50, data_seed=3)
    assert (experiment.noise, experiment.shown()["noise"]) == (None, 0.0)
    assert experiment.reduced_to("data") == Explorer(dataset=name)


@given(experiments())
def test_only_the_data_keeps_exactly_what_the_points_depend_on(experiment):
    data = experiment.reduced_to("data")
    assert data.reduced_to("data") == data
    assert experiment.reduced_to("data", "run", "view").reduced_to("data", "run") == experiment.reduced_to(
        "data", "run"
    )
    for name, row in TABLE.items():
        if row.part != "data" or (name in OF_OWN and not experiment.is_own):
            assert getattr(data, name) == row.default
        elif name in OF_OWN or not SPECS[experiment.dataset].fixed:
            assert getattr(data, name) == getattr(experiment, name)
    if experiment.is_own:
        return  # only a session has them
    small = dataclasses.replace(data, n=min(data.n, 100))
    np.testing.assert_array_equal(small.data().X, dataclasses.replace(experiment, n=small.n).data().X)


def test_what_decides_the_data_the_run_and_the_view():
    parts = {part: [n for n, s in TABLE.items() if s.part == part] for part in ("data", "run", "view")}
    assert parts["data"] == ["dataset", "n", "noise", "data_seed", *OF_OWN, "dots"]
    stop = ["floor", "tol", "max_iter", "criterion"]
    assert parts["run"] == ["k", "covariance", "init", "init_seed", "placed", *stop]


# Drawn by hand

DOTS = tuple((100 * i, i * i % 4096) for i in range(25))


def test_dots_belong_to_the_dataset_that_is_drawn():
    assert Explorer(dots=DOTS) == Explorer()
    settings, corrections = Explorer.from_query({"dots": TABLE["dots"].write(DOTS[:2])})
    assert (settings, corrections) == (Explorer(), [Correction("dots", TABLE["dots"].write(DOTS[:2]), ())])
    drawn = Explorer(dataset="drawn", dots=DOTS)
    assert Explorer.from_query(drawn.to_query()) == (drawn, [])
    assert drawn.reduced_to("data") == Explorer(dataset="drawn", dots=DOTS)
    np.testing.assert_array_equal(drawn.data().X, np.array(DOTS) / 256 - 8)


@pytest.mark.parametrize(
    ("cls", "n", "k", "lacking"),
    [
        (Explorer, 0, 3, 3),
        (Explorer, 2, 3, 1),
        (Explorer, 3, 3, 0),
        (Explorer, 1, 1, 1),
        (Explorer, 2, 1, 0),
        (Restarts, 19, 3, 1),
        (Restarts, 20, 3, 0),
        (Restarts, 25, 30, 5),
        (Compare, 0, 3, 20),
        (ChooseK, 20, 0, 0),
    ],
)
def test_how_many_points_are_lacking_before_they_can_be_fitted(cls, n, k, lacking):
    assert cls(dataset="drawn", dots=DOTS[:n], k=k).lacking == lacking
    assert cls(dataset="blobs", k=k).lacking == 0


@given(st.lists(st.tuples(st.integers(0, 4095), st.integers(0, 4095)), min_size=2, max_size=12), st.data())
def test_any_points_that_are_enough_can_be_fitted(dots, data):
    k = data.draw(st.integers(1, len(dots)))
    rest = {
        "init": data.draw(st.sampled_from(list(STARTS))),
        "covariance": data.draw(st.sampled_from(list(COVARIANCE_TYPES))),
    }
    settings = Explorer(dataset="drawn", dots=tuple(dots), k=k, max_iter=20, **rest)
    assert settings.lacking == 0
    assert settings.run(settings.data().X).states[-1].mixture.n_components == k


def test_panels_have_no_more_components_than_points_are_drawn():
    panels = Compare(dataset="drawn", dots=DOTS, vary="k", values=("2", "30")).panels()
    assert [panel.experiment.k for panel in panels] == [2, 25]


# Means placed by hand


@given(experiments(), st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=5))
def test_k_placed_means_take_the_place_of_the_start_and_fewer_do_not(experiment, places):
    placed = TABLE["placed"].nearest(places)
    small = dataclasses.replace(experiment, dataset="blobs", n=30, placed=placed)
    ground = small.ground(small.data().X)
    if small.k <= len(placed):
        assert small.is_placed
        found = small.start(ground)
        np.testing.assert_array_equal(found.means, placed[: small.k])
        for other in ("scattered", "k-means"):
            again = dataclasses.replace(small, init=other, init_seed=9).start(ground)
            np.testing.assert_array_equal(again.means, found.means)
            np.testing.assert_array_equal(again.covariances, found.covariances)
    else:
        assert not small.is_placed
        np.testing.assert_array_equal(
            small.start(ground).means, dataclasses.replace(small, placed=()).start(ground).means
        )


def test_points_of_more_features_than_a_plane_has_take_no_placed_means():
    X = np.random.default_rng(0).normal(size=(20, 3))
    placed, plain = (Explorer(placed=places) for places in (((0.0, 0.0),) * 3, ()))
    np.testing.assert_array_equal(placed.start(placed.ground(X)).means, plain.start(plain.ground(X)).means)


def test_a_page_that_tries_many_starts_has_no_use_for_placed_means():
    for cls in (Restarts, ChooseK):
        settings, corrections = cls.from_query({"placed": "1,2"})
        assert (settings.placed, corrections) == ((), [Correction("placed", "1,2", why=Unknown())])
        assert cls(placed=((1.0, 2.0),)) == cls()
        assert not cls().is_placed
    assert Explorer.from_query({"placed": "1,2"}) == (Explorer(placed=((1.0, 2.0),)), [])


def test_panels_that_differ_in_their_start_do_not_share_a_placed_one():
    placed = ((0.0, 0.0), (1.0, 1.0), (2.0, 2.0))
    for vary in ("init", "init_seed", "k"):
        assert {panel.experiment.placed for panel in Compare(vary=vary, placed=placed).panels()} == {()}
    assert {panel.experiment.placed for panel in Compare(placed=placed).panels()} == {placed}


def test_a_class_does_not_see_placed_means_where_it_does_not_see_the_start():
    assert "placed" in Frame(hide=("start",)).hidden(TABLE)


# Bad values


@pytest.mark.parametrize("name", NUMBERS)
def test_a_bad_number_is_refused_with_the_range(name):
    row = TABLE[name]
    for bad in (row.low - 1, 1e9, math.nan, math.inf, "3", True, [], 1j):
        with pytest.raises(ValueError, match=f"{name} is .*: give a .*number from {row.low:g} to"):
            Explorer(**{name: bad})


@pytest.mark.parametrize("name", CHOICES)
def test_a_bad_choice_is_refused_with_the_choices(name):
    for bad in ("nonsense", None, [], 3e-6):
        with pytest.raises(
            ValueError, match=f"{name} is .*: choose one of {next(iter(TABLE[name].choices))}, "
        ):
            Explorer(**{name: bad})


@given(st.data())
def test_every_valid_value_is_taken(data):
    name = data.draw(st.sampled_from(list(TABLE)))
    value = data.draw(valid_values(TABLE[name]))
    data = {"dataset": "own"} if name in OF_OWN else {}
    assert getattr(Explorer(**data | {name: value}), name) in (value, None)


def test_an_experiment_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Explorer().k = 5


# The run


@pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
@pytest.mark.parametrize("unit", [2.0**-30, 2.0**30])
def test_a_change_of_the_datas_unit_changes_nothing(covariance, unit):
    experiment = Experiment(
        dataset="imbalanced", n=60, k=4, covariance=covariance, floor=1e-2, init="scattered"
    )
    X = experiment.data().X
    one, other = experiment.run(X), experiment.run(unit * X)
    assert len(one.states) == len(other.states) > 3
    shift = X.size * math.log(unit)
    for here, there in zip(one.states, other.states, strict=True):
        np.testing.assert_allclose(there.mixture.means / unit, here.mixture.means, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(there.mixture.weights, here.mixture.weights, atol=1e-9)
        np.testing.assert_allclose(there.log_likelihood + shift, here.log_likelihood, rtol=1e-9)


def test_every_setting_of_the_run_reaches_the_engine():
    data = {"n": 60, "noise": 3.0, "data_seed": 170}
    base = Experiment(**data, k=4, covariance="full", init="scattered", init_seed=1, max_iter=40)
    X = base.data().X
    ends = {"": base.run(X).states[-1]}
    others = {"k": 3, "covariance": "tied", "init": "k-means", "init_seed": 2, "floor": 0.1, "tol": 1e-2}
    others |= {"max_iter": 2, "criterion": "parameters"}
    for name, value in others.items():
        ends[name] = dataclasses.replace(base, **{name: value}).run(X).states[-1]
    assert len({(state.iteration, state.log_likelihood) for state in ends.values()}) == len(ends)
    assert ends["max_iter"].iteration == 2
