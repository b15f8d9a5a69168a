"""The explorer: it shows the experiment of its address, its address says what it shows, all numbers are EM's."""

import json
import re

import numpy as np
import pytest

from gmmviz.criteria import adjusted_rand, bic, n_parameters
from gmmviz.datasets import DATASETS
from gmmviz.em import COVARIANCE_TYPES, e_step
from gmmviz.experiment import OF_OWN
from gmmviz.numerals import MINUS, numeral, readable
from gmmviz.pages.explorer import words
from gmmviz.pages.explorer.figure import labels_figure
from gmmviz.pages.explorer.page import FAILS
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.explorer.words import opening
from gmmviz.settings import Choice
from tests.session import Session, expected_film

SETTINGS = Explorer.table()
# Settings without a widget of their own, or none where the data are not the reader's.
UNSEEN = {"it", "sklearn", "plane", "placed", "dots", *OF_OWN}
TABLE, LABELS = "The components in numbers", "True labels beside predicted labels"


def numbers_after(word, text):
    """The first number behind a word on the page."""
    number = re.search(re.escape(word) + rf"\D*?({MINUS}?[\d,]+\.?\d*)", text)[1]
    return float(number.replace(",", "").replace(MINUS, "-"))


def assert_shows(session, experiment):
    """All that the page draws and says at first sight is this experiment's."""
    assert session.errors == []
    assert session.experiment == experiment
    assert session.player["figure"] == expected_film(experiment, session.player["iteration"])
    dataset = experiment.data()
    run = experiment.run(dataset.X)
    last, words = run.states[-1], session.words
    assert f"**{last.iteration} iteration{'s' * (last.iteration != 1)}**" in words
    gain = last.log_likelihood - run.states[-2].log_likelihood if last.iteration else 0
    still = last.iteration > 0 and abs(gain) < 1e-12 * abs(last.log_likelihood)
    stopped = {
        "converged": ":gray[converged]",
        "max_iter": ":gray[the most allowed]" if still else "not yet",
        "decreased": "fall",
        "collapsed": "collapse",
    }
    assert stopped[run.stop_reason] in words
    assert numbers_after("Log-likelihood ", words) == pytest.approx(last.log_likelihood, abs=6e-4)
    note = "(last\u00a0step\u00a0{})".format
    assert note(numeral(gain, "+.2g")) in words or (note("+0") in words and abs(gain) < 1e-9)
    free = n_parameters(experiment.k, 2, experiment.covariance)
    assert numbers_after("BIC ", words) == pytest.approx(
        bic(last.log_likelihood, free, len(dataset.X)), abs=0.06
    )
    assert all(readable(event.message) in words for event in run.events[:8])
    assert (f"{len(run.events) - 8} more" in words) == (len(run.events) > 8)
    assert ("before it converged" in words) == (run.stop_reason == "max_iter" and not still)


# Opening it


def test_the_page_opens_on_the_default_experiment_at_its_start():
    session = Session()
    assert (session.address, session.notices) == ({}, [])
    assert_shows(session, Explorer())
    assert session.player["iteration"] == 0
    for name in SETTINGS.keys() - UNSEEN - {"member"}:
        assert session.widgets[name].value == Explorer().shown()[name]


def test_every_control_has_its_rows_label_range_and_help():
    session = Session({"colour": "membership"})
    for name, widget in session.widgets.items():
        assert widget.help, name
        if name in SETTINGS:
            row = SETTINGS[name]
            assert (widget.label, widget.help) == (row.label, row.help)
            if isinstance(row, Choice):
                assert widget.options == list(row.choices.values())
            elif name != "member":
                assert (widget.min, widget.max, widget.step) == (row.low, row.high, row.step)
    assert session.widgets.keys() >= SETTINGS.keys() - UNSEEN


LINKS = [
    {"k": "5"},
    {"dataset": "moons", "noise": "0.2", "k": "8", "covariance": "tied", "init": "scattered", "it": "3"},
    {"dataset": "faithful", "k": "2", "colour": "truth", "frames": "whole"},
    {"dataset": "iris", "k": "4", "floor": "0", "tol": "1e-09", "criterion": "parameters", "colour": "truth"},
    {"n": "2600", "data_seed": "3", "max_iter": "7", "it": "7", "colour": "component"},
    {
        "n": "60",
        "k": "6",
        "noise": "3",
        "tol": "0",
        "max_iter": "150",
        "it": "77",
        "colour": "membership",
        "member": "6",
    },
    {"dataset": "circles", "k": "1", "init_seed": "99999", "frames": "whole", "colour": "membership"},
    {"n": "60", "init": "scattered", "floor": "0.1", "it": "2"},
    {"n": "20", "k": "16", "floor": "0"},
]


@pytest.mark.parametrize("query", LINKS, ids=str)
def test_a_deep_link_shows_its_experiment(query):
    experiment, changed = Explorer.from_query(query)
    session = Session(query)
    assert changed == session.notices == []
    assert session.address == query
    assert_shows(session, experiment)
    assert session.player["iteration"] == experiment.it
    assert experiment.it in session.player["figure"]["scene"]["iterations"]


@pytest.mark.parametrize("query", LINKS[:5], ids=str)
def test_a_reload_gives_the_same_picture(query):
    session = Session().set(k=4).go(query)
    assert Session(session.address).player == session.player | {"placements": 1}


@pytest.mark.parametrize(
    ("query", "address", "told"),
    [
        ({"k": "99"}, {"k": "30"}, ['k was "99"; now 30.']),
        ({"k": "5.7"}, {"k": "6"}, ['k was "5.7"; now 6.']),
        ({"k": "25", "n": "20"}, {"k": "20", "n": "20"}, ["There are 20 points, so k is now 20."]),
        ({"k": "1e9", "n": "0"}, {"k": "20", "n": "20"}, ["n was", 'k was "1e9"; now 20.']),
        ({"k": "٤"}, {"k": "4"}, []),
        (
            {"dataset": "<script>alert(1)</script>"},
            {},
            ['dataset was "?script?alert?1???script?"; now blobs.'],
        ),
        ({"dataset": "moon", "k": "2"}, {"dataset": "moons", "k": "2"}, ["now moons."]),
        ({"n": "1e999", "max_iter": "-5"}, {"n": "20000", "max_iter": "1"}, ["now 20,000.", "now 1."]),
        ({"n": "9" * 100_000, "max_iter": "2"}, {"n": "20000", "max_iter": "2"}, ["now 20,000."]),
        ({"noise": "nan"}, {}, ['noise was "nan"; now the default.']),
        (
            {"": "", "nonsense": "1", "k": ""},
            {},
            ['no setting "nonsense"; it was ignored.', 'k was ""; now 3.'],
        ),
        (
            {"it": "1999"},
            {"it": "19"},
            ["The run ends at iteration 19, so the iteration shown, it, is now 19."],
        ),
        ({"it": "-3"}, {}, ['it was "-3"; now 0.']),
        ({"member": "9", "colour": "membership"}, {"member": "3", "colour": "membership"}, []),
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_a_hostile_address_is_corrected_and_the_page_says_so(query, address, told):
    session = Session(query)
    assert session.address == address
    assert_shows(session, Explorer.from_query(address)[0])
    assert len(session.notices) == bool(told)
    for sentence in told:
        assert sentence in session.notices[0]
    assert "<" not in "".join(session.notices)


def test_the_last_of_repeated_values_is_shown():
    session = Session({"k": ["2", "7"]})
    assert_shows(session, Explorer(k=7))
    assert_shows(session.set(k=2), Explorer(k=2))


def test_fewer_points_than_components_take_some_of_these_away():
    session = Session({"k": "25", "n": "40", "max_iter": "3"}).set(n=20)
    assert session.errors == session.notices == []
    assert session.address == {"k": "20", "n": "20", "max_iter": "3"}
    assert session.widgets["k"].value == 20
    assert session.go({"k": "2"}).widgets["k"].value == 2


def test_a_notice_stays_until_the_experiment_changes():
    session = Session({"k": "99", "max_iter": "3"})
    session.at.run()
    assert "now 30" in session.notices[0]
    session.set(k=4)
    assert session.notices == []
    session.set(k=30)
    assert session.address == {"k": "30", "max_iter": "3"}


def test_back_takes_over_what_the_address_says():
    session = Session({"k": "2"}).set(k=5, covariance="tied")
    assert session.address == {"k": "5", "covariance": "tied"}
    session.go({"k": "2", "it": "4"})
    assert_shows(session, Explorer(k=2, it=4))
    assert (session.widgets["k"].value, session.widgets["covariance"].value) == (2, "full")
    session.go({"k": "0"})
    assert session.address == {"k": "1"}
    assert 'k was "0"' in session.notices[0]
    session.go({})
    assert_shows(session, Explorer())
    assert session.notices == []


# Changing it

CHANGES = {
    "dataset": "moons",
    "n": 120,
    "noise": 2.0,
    "data_seed": 7,
    "k": 5,
    "covariance": "spherical",
    "init": "k-means",
    "init_seed": 4,
    "floor": 1e-3,
    "tol": 1e-3,
    "max_iter": 4,
    "criterion": "parameters",
    "colour": "component",
    "frames": "whole",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_widget_changes_its_setting_and_what_depends_on_it(name):
    session = Session()
    before = session.player
    session.set(**{name: CHANGES[name]})
    assert_shows(session, Explorer(**{name: CHANGES[name]}))
    assert session.address == {name: SETTINGS[name].write(CHANGES[name])}
    part = SETTINGS[name].part
    assert (session.player["points"] != before["points"]) == (part == "data")
    assert (session.player["run"] != before["run"]) == (part in ("data", "run"))
    assert session.player["placements"] == before["placements"]


def test_every_setting_that_has_a_widget_is_among_the_changes():
    assert CHANGES.keys() == SETTINGS.keys() - UNSEEN - {"member"}


def test_another_dataset_begins_with_its_own_noise():
    session = Session({"noise": "3"}).set(dataset="moons")
    assert session.widgets["noise"].value == 0.05
    assert session.address == {"dataset": "moons"}
    assert_shows(session.set(dataset="iris").set(dataset="varied"), Explorer(dataset="varied"))


@pytest.mark.parametrize("name", ["data_seed", "init_seed"])
def test_a_new_sample_or_start_is_the_next_seed(name):
    session = Session().click(f"new_{name}")
    assert_shows(session, Explorer(**{name: SETTINGS[name].default + 1}))
    session = Session({name: "99999"}).click(f"new_{name}")
    assert_shows(session, Explorer(**{name: 0}))


@pytest.mark.parametrize("it", [7, 19])
def test_a_new_start_goes_to_the_start_and_plays_also_from_the_end(it):
    session = Session({"it": str(it)})
    assert session.player["iteration"] == it
    before = session.player["plays"]
    session.click("new_init_seed")
    assert (session.player["plays"], session.player["iteration"]) == (before + 1, 0)
    assert session.address == {"init_seed": "1"}
    session.click("new_data_seed").set(k=4)  # other changes leave that to the reader
    assert session.player["plays"] == before + 1


def test_not_all_of_the_first_five_starts_end_alike():
    ends = [Explorer(init_seed=seed).run(Explorer().data().X).states[-1].log_likelihood for seed in range(5)]
    assert ends[0] == pytest.approx(max(ends), abs=1e-3)
    assert min(ends) < ends[1] + 1 < ends[0] - 100  # the second already ends elsewhere


def test_a_start_that_fails_stands_ready_and_plays():
    session = Session({"dataset": "moons", "k": "7", "frames": "whole", "it": "3"}).click("preset")
    assert session.errors == []
    assert session.address == FAILS.settings.to_query() | {"frames": "whole"}
    assert (session.player["plays"], session.player["iteration"]) == (1, 0)
    X = FAILS.settings.data().X
    fails, best = (settings.run(X).states[-1].log_likelihood for settings in (FAILS.settings, Explorer()))
    assert fails < best - 100
    run = Explorer(n=60).run(Explorer(n=60).data().X)
    assert "start seed 1,234 reaches" in words.fails(run, run, 1234)
    higher = f"reaches {numeral(best, '.1f')}, which is {numeral(best - fails, '.0f')} higher"
    assert f"start seed {Explorer().init_seed} {higher}" in session.words
    assert "A lower hilltop" not in Session({"init_seed": "3"}).words
    assert "A start that fails" not in [one.label for one in Session({"hide": "start"}).at.button]


@pytest.mark.parametrize("k", [1, 3, 16])
@pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
def test_the_title_says_what_is_seen(covariance, k):
    title, sentence = opening(Explorer(k=k, covariance=covariance), 1500)
    assert title.startswith(f"1,500 points, and {'one' if k == 1 else 'three' if k == 3 else '16'} ")
    assert ("looking for their groups" in title) == (k > 1) == ("take turns" in sentence)
    words = {"full": "bell", "tied": "one shape", "diag": "upright", "spherical": "round"}
    assert (words[covariance] in title) == (covariance != "tied" or k > 1)


def test_the_page_opens_with_it():
    session = Session({"n": "60", "k": "2", "covariance": "spherical"})
    assert "60 points, and two round bell curves looking for their groups" in session.words


@pytest.mark.parametrize("dataset", DATASETS)
def test_what_a_fixed_dataset_ignores_is_disabled(dataset):
    session = Session({"dataset": dataset, "max_iter": "3"})
    disabled = {name for name, widget in session.widgets.items() if widget.proto.disabled}
    own = f"n_of_{dataset}"  # in the place of n
    assert disabled == ({own, "noise", "data_seed", "new_data_seed"} if DATASETS[dataset].fixed else set())
    assert session.widgets[own if DATASETS[dataset].fixed else "n"].value == len(session.experiment.data().X)
    assert DATASETS[dataset].description in session.words


def test_membership_offers_the_components_there_are():
    session = Session({"colour": "membership", "k": "5", "member": "5"})
    assert (session.widgets["member"].value, session.widgets["member"].max) == (5, 5)
    session.set(k=2)
    assert session.widgets["member"].value == 2
    assert_shows(session, Explorer(k=2, colour="membership", member=2))
    assert_shows(session.set(k=1), Explorer(k=1, colour="membership"))


# Where the film stands


@pytest.mark.parametrize(("stood", "then"), [("start", "start"), ("middle", "start"), ("end", "end")])
def test_after_a_change_the_film_stays_at_its_end_or_goes_to_its_start(stood, then):
    session = Session()
    iterations = session.player["figure"]["scene"]["iterations"]
    if stood != "start":
        session.rest(iterations[-1] if stood == "end" else iterations[4])
    session.set(k=4)
    iterations = session.player["figure"]["scene"]["iterations"]
    at = iterations[-1] if then == "end" else 0
    assert session.player["iteration"] == at
    assert session.address == {"k": "4"} | ({"it": str(at)} if at else {})


def test_where_the_film_rests_the_address_follows_and_the_film_stays_as_it_is():
    session = Session({"k": "5"})
    before = session.player
    assert session.rest(7).address == {"k": "5", "it": "7"}
    assert session.player == before
    assert session.rest(0).address == {"k": "5"}
    assert session.player == before
    assert session.errors == session.notices == []


@pytest.mark.parametrize("frames", ["whole", "steps"])
def test_the_iteration_shown_is_in_a_film_that_is_thinned_anew(frames):
    other = {"whole": "steps", "steps": "whole"}[frames]
    query = {"n": "60", "noise": "3", "k": "4", "tol": "0", "max_iter": "600", "frames": other}
    session = Session(query)
    iterations = session.player["figure"]["scene"]["iterations"]
    shown = next(t for t in iterations[::-1] if t < 350)
    session.rest(shown).set(frames=frames)
    assert shown in session.player["figure"]["scene"]["iterations"]
    assert session.address["it"] == str(shown)


# What it says


@pytest.mark.parametrize("dataset", ["blobs", "faithful"])
def test_the_truth_is_told_only_when_revealed(dataset):
    session = Session({"dataset": dataset})
    assert "ARI" not in session.words
    session.set(colour="truth")
    data = Explorer(dataset=dataset).data()
    if data.labels is None:
        assert "ARI" not in session.words
        assert "Nobody knows the true labels" in session.words
    else:
        predicted = e_step(data.X, Explorer().run(data.X).states[-1].mixture)[0].argmax(axis=1)
        assert numbers_after("ARI ", session.words) == pytest.approx(
            adjusted_rand(data.labels, predicted), abs=6e-4
        )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"n": "60", "tol": "0", "max_iter": "500"}, "The film shows 500 of the iterations 0 to 500"),
        ({"dataset": "faithful"}, "a round component looks elliptical"),
        ({"n": "5100", "init": "hierarchical", "max_iter": "1"}, "a random 5,000 of the 5,100 points"),
    ],
)
def test_a_caption_says_what_is_not_drawn_as_it_is(query, said):
    assert said in Session(query).words


@pytest.mark.parametrize(
    "query",
    [
        {"n": "2001", "max_iter": "9", "tol": "0"},
        {"n": "60", "max_iter": "499", "tol": "0"},
        {"n": "20000", "dataset": "iris", "init": "hierarchical"},
    ],
    ids=str,
)
def test_no_caption_where_all_is_drawn(query):
    words = Session(query).words
    for said in ("points are drawn", "The film shows", "elliptical", "Here: a random"):
        assert said not in words


@pytest.mark.parametrize(
    "query",
    [{}, {"k": "5", "it": "3"}, {"dataset": "faithful", "k": "2", "covariance": "tied", "it": "1"}],
    ids=str,
)
def test_the_components_table_holds_the_mixture_of_the_iteration_shown(query):
    session, experiment = Session(query).open(TABLE), Explorer.from_query(query)[0]
    dataset = experiment.data()
    mixture, (x, y) = experiment.run(dataset.X).states[experiment.it].mixture, dataset.columns
    (table,) = session.at.dataframe
    columns = {
        "component": np.arange(experiment.k) + 1,
        "weight": mixture.weights,
        "effective number of points": mixture.weights * len(dataset.X),
        f"mean {x}": mixture.means[:, 0],
        f"mean {y}": mixture.means[:, 1],
        f"variance {x}": mixture.covariances[:, 0, 0],
        "covariance": mixture.covariances[:, 0, 1],
        f"variance {y}": mixture.covariances[:, 1, 1],
    }
    assert list(table.value.columns) == list(columns)
    for name, values in columns.items():
        np.testing.assert_array_equal(table.value[name], values)
    assert f"At iteration {experiment.it}." in session.words


def test_labels_beside_predicted_labels_are_those_of_the_iteration_shown():
    session, experiment = Session({"k": "4", "it": "5"}).open(LABELS), Explorer(k=4, it=5)
    dataset = experiment.data()
    (chart,) = session.at.get("plotly_chart")
    figure = labels_figure(dataset, experiment.run(dataset.X).states[5].mixture)
    shown = json.loads(chart.proto.spec)
    assert [trace["name"] for trace in shown["data"]] == [trace["name"] for trace in figure["data"]]
    assert [trace["x"] for trace in shown["data"]] == [trace["x"] for trace in figure["data"]]
    assert "Nobody knows the true groups" in Session({"dataset": "faithful"}).open(LABELS).words


def test_what_is_closed_costs_nothing(monkeypatch):
    def must_not_run(*_):
        raise AssertionError("a closed view was drawn")

    monkeypatch.setattr("gmmviz.pages.explorer.page.labels_figure", must_not_run)
    session = Session({"n": "77"})
    assert session.errors == []
    assert (len(session.at.dataframe), len(session.at.get("plotly_chart"))) == (0, 0)
    assert session.open(LABELS).errors == ["a closed view was drawn"]


def test_going_back_to_an_earlier_value_fits_nothing_again(monkeypatch):
    session = Session({"n": "78"}).set(k=4)
    monkeypatch.setattr(Explorer, "run", lambda *_: pytest.fail("fitted again"))
    monkeypatch.setattr(Explorer, "data", lambda *_: pytest.fail("drawn again"))
    assert session.set(k=3).errors == []
    assert session.set(colour="component", k=4).errors == []
