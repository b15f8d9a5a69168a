"""The experiment: its table, its address there and back, and what a hostile address may do (nothing)."""

import dataclasses
import math
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gmmviz.datasets import DATASETS
from gmmviz.em import COVARIANCE_TYPES, CRITERIA
from gmmviz.experiment import SETTINGS, Experiment
from gmmviz.starts import STARTS
from tests.strategies import experiments, valid_values

FIXED = [name for name, spec in DATASETS.items() if spec.fixed]
MADE = [name for name, spec in DATASETS.items() if not spec.fixed]
NUMBERS = [name for name, setting in SETTINGS.items() if setting.choices is None]
CHOICES = [name for name, setting in SETTINGS.items() if setting.choices is not None]

HOSTILE = [
    *(
        "",
        " ",
        "<script>alert(1)</script>",
        "nan",
        "inf",
        "-inf",
        "1e999",
        "-5",
        "5.7",
        "٣",
        "1_0",
        "0x1f",
        "None",
    ),
    *(
        "999999999999999999999",
        "[a](javascript:x)",
        "**bold**",
        "_a_",
        "www.example.com",
        "$x$",
        ":red[x]",
        "\x00",
    ),
    *("9" * 100_000, "0" * 200 + "5", "full; drop", "‮evil", "`x`", "K-MEANS", "ful", "../../etc"),
]
texts = st.sampled_from(HOSTILE) | st.text() | st.floats().map(str) | st.integers().map(str)
names = st.sampled_from([*SETTINGS, "nonsense", "__class__", "<b>", "_x_"]) | st.text(min_size=1)
queries = st.dictionaries(names, texts | st.lists(texts, max_size=3), max_size=8)


def assert_valid(experiment):
    assert Experiment(**dataclasses.asdict(experiment)) == experiment
    for name, setting in SETTINGS.items():
        value = getattr(experiment, name)
        assert type(value) is setting.kind or (name == "noise" and value is None)


# The table


def test_the_table_has_a_row_for_every_setting_in_order():
    fields = dataclasses.fields(Experiment)
    assert list(SETTINGS) == [field.name for field in fields]
    assert [setting.default for setting in SETTINGS.values()] == [field.default for field in fields]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_row_says_all_there_is_to_a_setting(name):
    setting = SETTINGS[name]
    assert setting.name == name
    assert setting.label
    assert setting.help.endswith(".")
    assert setting.part in ("data", "run", "view")
    assert (setting.choices is None) != (
        setting.low is None and setting.high is None and setting.step is None
    )
    if setting.choices is None:
        assert setting.low < setting.high
        assert setting.step > 0
    else:
        assert all(setting.choices.values())
        assert len(set(setting.choices.values())) == len(setting.choices)


def test_choices_are_the_registries():
    registries = {"dataset": DATASETS, "covariance": COVARIANCE_TYPES, "init": STARTS, "criterion": CRITERIA}
    assert {name: list(SETTINGS[name].choices) for name in registries} == {
        name: list(registry) for name, registry in registries.items()
    }


def test_the_issues_ranges_and_defaults():
    ranges = {name: (setting.low, setting.high) for name, setting in SETTINGS.items()}
    assert ranges["n"] == (20, 20_000)
    assert ranges["k"] == (1, 16)
    default = Experiment()
    assert (default.floor, default.tol, default.max_iter, default.it) == (1e-6, 1e-6, 1000, 0)


# The address


@given(experiments())
def test_an_address_gives_the_same_experiment_back(experiment):
    query = experiment.to_query()
    assert Experiment.from_query(query) == (experiment, [])
    assert all(type(text) is str for text in query.values())


@given(experiments(), experiments())
def test_a_page_with_other_defaults_has_other_addresses_for_the_same_experiment(experiment, defaults):
    assert Experiment.from_query(experiment.to_query(defaults), defaults) == (experiment, [])
    assert defaults.to_query(defaults) == {}


@given(experiments())
def test_an_address_holds_only_what_differs_from_the_defaults(experiment):
    changed = {name for name in SETTINGS if getattr(experiment, name) != SETTINGS[name].default}
    assert set(experiment.to_query()) == changed


@given(queries, experiments())
def test_whatever_an_address_holds_becomes_a_valid_experiment(query, defaults):
    experiment, _ = Experiment.from_query(query, defaults)
    assert_valid(experiment)
    for name in SETTINGS.keys() - query.keys() - {"noise"}:
        assert getattr(experiment, name) == getattr(defaults, name)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_no_setting_is_upset_by_a_hostile_value(name, text):
    experiment, notices = Experiment.from_query({name: text})
    assert_valid(experiment)
    assert len(notices) == (0 if _means_the_same(text, SETTINGS[name], getattr(experiment, name)) else 1)


def _means_the_same(text, setting, value):
    """Whether a valid value was only written in another way: 3 as ٣, 10 as 1_0."""
    try:
        return setting.kind is not str and value is not None and float(text) == value
    except ValueError:
        return False


@given(queries)
def test_a_notice_for_each_changed_value_and_none_for_the_others(query):
    experiment, notices = Experiment.from_query(query)
    unknown = [name for name in query if name not in SETTINGS]
    assert sum(notice.startswith("There is no setting") for notice in notices) == len(unknown)
    for name in SETTINGS:
        told = [notice for notice in notices if notice.startswith(f'{name} was "')]
        text = query.get(name)
        text = str(text[-1] if isinstance(text, list) and text else text)
        kept = name not in query or (
            text in SETTINGS[name].choices if SETTINGS[name].kind is str else _is_valid(text, SETTINGS[name])
        )
        assert len(told) == (not kept)
        if told:
            value = getattr(experiment, name)
            now = [SETTINGS[name].write(value)] if value is not None else []
            now += ["the default"] if name == "noise" else []
            # On a fixed dataset the corrected noise is put aside, so that its notice may name any number.
            assert name == "noise" or told[0].endswith(f"; now {now[0]}.")


def _is_valid(text, setting):
    try:
        value = float(text)
    except ValueError:
        return False
    if setting.choices is not None:
        return value in setting.choices
    return setting.low <= value <= setting.high and (setting.kind is float or value.is_integer())


@given(names, texts)
@example("k", "<img src=x onerror=alert(1)>")
@example("k", "_a_")
@example("k", "9" * 100_000)
@example("x" * 100_000, "")
@example("k", "www.example.com")
@example("__init__", "1")
@example("k", "![](//evil)")
def test_notices_are_plain_words_whatever_the_address_holds(name, text):
    _, notices = Experiment.from_query({name: text})
    for notice in notices:
        assert not set(notice) & set("<>[]()`$*~:&@#|/\\\n")  # no tag, link, code, formula, emphasis, entity
        assert not re.search(r"(?<![^\W_])_|_(?![^\W_])", notice)  # nor emphasis by underscores
        assert "www." not in notice.lower()  # nor a link by its look
        assert notice.isprintable()
        assert len(notice) < 100


def test_the_last_of_repeated_values_counts():
    assert Experiment.from_query({"k": ["2", "7"]}) == (Experiment(k=7), [])
    assert Experiment.from_query({"k": []})[0] == Experiment()
    assert Experiment.from_query({"k": 7}) == (Experiment(k=7), [])


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("k", "0", 1),
        ("k", "-5", 1),
        ("k", "17", 16),
        ("k", "5.7", 6),
        ("k", "1e999", 16),
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
    experiment, notices = Experiment.from_query({name: text})
    assert getattr(experiment, name) == value
    assert notices == [f'{name} was "{text}"; now {SETTINGS[name].write(value)}.']


@given(st.sampled_from(NUMBERS), st.floats(allow_nan=False))
def test_no_valid_number_is_nearer_than_the_one_taken(name, value):
    setting = SETTINGS[name]
    taken = setting.nearest(value)
    setting.check(taken)
    best = min(max(value, setting.low), setting.high)
    assert abs(taken - best) <= (0.5 if setting.kind is int else 0)


@pytest.mark.parametrize("text", ["", "abc", "nan", "<script>"])
def test_nonsense_becomes_the_pages_own_default(text):
    defaults = Experiment(dataset="moons", noise=0.2, k=8, covariance="tied", floor=1e-3)
    for name in ("dataset", "noise", "k", "covariance", "floor"):
        experiment, notices = Experiment.from_query({name: text}, defaults)
        assert experiment == defaults
        assert len(notices) == 1


# Noise and the parts


@pytest.mark.parametrize("name", MADE)
def test_a_datasets_own_noise_is_no_difference(name):
    own = DATASETS[name].default_noise
    assert Experiment(dataset=name, noise=own) == Experiment(dataset=name)
    assert Experiment(dataset=name).shown()["noise"] == own
    assert Experiment(dataset=name, noise=2.5).shown()["noise"] == 2.5


@pytest.mark.parametrize("name", FIXED)
def test_fixed_datasets_have_no_noise_and_depend_on_no_seed(name):
    experiment = Experiment(dataset=name, noise=2.0, n=50, data_seed=3)
    assert (experiment.noise, experiment.shown()["noise"]) == (None, 0.0)
    assert experiment.only("data") == Experiment(dataset=name)


@given(experiments())
def test_only_the_data_keeps_exactly_what_the_points_depend_on(experiment):
    data = experiment.only("data")
    assert data.only("data") == data
    assert experiment.only("data", "run", "view").only("data", "run") == experiment.only("data", "run")
    for name, setting in SETTINGS.items():
        if setting.part != "data":
            assert getattr(data, name) == setting.default
        elif not DATASETS[experiment.dataset].fixed:
            assert getattr(data, name) == getattr(experiment, name)
    small = dataclasses.replace(data, n=min(data.n, 100))
    np.testing.assert_array_equal(small.data().X, dataclasses.replace(experiment, n=small.n).data().X)


def test_what_decides_the_data_the_run_and_the_view():
    parts = {part: [n for n, s in SETTINGS.items() if s.part == part] for part in ("data", "run", "view")}
    assert parts["data"] == ["dataset", "n", "noise", "data_seed"]
    assert parts["run"] == ["k", "covariance", "init", "init_seed", "floor", "tol", "max_iter", "criterion"]


# Bad values


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("bad", [-1, 1e9, math.nan, math.inf, "3", True, [], 1j])
def test_a_bad_number_is_refused_with_the_range(name, bad):
    setting = SETTINGS[name]
    with pytest.raises(ValueError, match=f"{name} is .*: give a .*number from {setting.low:g} to"):
        Experiment(**{name: bad})


@pytest.mark.parametrize("name", [name for name in NUMBERS if SETTINGS[name].kind is int])
def test_a_whole_number_must_be_whole(name):
    with pytest.raises(ValueError, match=f"{name} is 20.5: give a whole number"):
        Experiment(**{name: 20.5})


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("bad", ["nonsense", None, [], 3e-6])
def test_a_bad_choice_is_refused_with_the_choices(name, bad):
    with pytest.raises(
        ValueError, match=f"{name} is .*: choose one of {next(iter(SETTINGS[name].choices))}, "
    ):
        Experiment(**{name: bad})


@given(st.data())
def test_every_valid_value_is_taken(data):
    name = data.draw(st.sampled_from(list(SETTINGS)))
    value = data.draw(valid_values(name))
    assert getattr(Experiment(**{name: value}), name) in (value, None)


def test_an_experiment_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Experiment().k = 5


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
    base = Experiment(n=60, noise=3.0, k=4, covariance="full", init="scattered", init_seed=1, max_iter=40)
    X = base.data().X
    ends = {"": base.run(X).states[-1]}
    others = {"k": 3, "covariance": "tied", "init": "k-means", "init_seed": 2, "floor": 0.1, "tol": 1e-2}
    others |= {"max_iter": 2, "criterion": "parameters"}
    for name, value in others.items():
        ends[name] = dataclasses.replace(base, **{name: value}).run(X).states[-1]
    assert len({(state.iteration, state.log_likelihood) for state in ends.values()}) == len(ends)
    assert ends["max_iter"].iteration == 2
