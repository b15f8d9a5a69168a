"""The page without a browser: deep links, good and hostile, a sweep that is stopped, choosing, guessing, the file."""

import csv
import io
import json
from dataclasses import replace
from urllib.parse import parse_qsl

import numpy as np
import pyarrow as pa
import pytest
import streamlit as st

from gmmviz.criteria import CRITERIA
from gmmviz.numerals import numeral
from gmmviz.pages import script
from gmmviz.pages.choose_k import page
from gmmviz.pages.choose_k.explained import EXPLAINED, TRIES
from gmmviz.pages.choose_k.numbers import best, hardly_worse, is_sound, name_of
from gmmviz.pages.choose_k.settings import ChooseK
from gmmviz.pages.choose_k.words import SHORT, starring, written
from gmmviz.settings import Ends
from gmmviz.ui import cache
from tests.pages.choose_k.cells import made
from tests.session import Session

PAGE = script("choose-k")
SMALL = {"dataset": "blobs", "n": "90", "ks": "1-4", "types": "full,tied", "restarts": "3", "folds": "3"}
COLLAPSING = {"dataset": "blobs", "n": "30", "floor": "0", "ks": "6-12", "types": "full", "restarts": "3"}


@pytest.fixture(autouse=True)
def _forgetful():
    """No study is there from another test."""
    cache.clear()


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    """A sweep is still under way when its page is drawn."""
    monkeypatch.setattr(page, "MEANWHILE", 0)


def settings_of(query):
    return ChooseK.from_query(query)[0]


def done(query):
    """Return the cells of a query, after all of them are fitted."""
    settings = settings_of(query)
    page.study_of(settings).advance(settings.cells)
    return page.cells_of(settings)


def opened(**query):
    """Return a session on the page, and the cells of its sweep, which is done."""
    cells = done(query)
    return Session(query, PAGE), cells


def buttons(session):
    return [button.label for button in session.at.button]


def click(session, label):
    next(button for button in session.at.button if button.label.startswith(label)).click()
    session.at.run()
    return session


def pick(session, criterion):
    (choice,) = (one for one in session.at.get("button_group") if one.key == "by")
    choice.set_value(criterion).run()
    return session


def table(session):
    (frame,) = (element.value for element in session.at.dataframe)
    return frame


def as_drawn(session):
    """Return the table's texts."""
    (frame,) = session.at.dataframe
    drawn = pa.ipc.open_stream(frame.proto.arrow_data.styler.display_values).read_pandas()
    return drawn.set_axis(list(frame.value.columns), axis=1)


def charts(session):
    return [json.loads(chart.proto.spec) for chart in session.at.get("plotly_chart")]


def group(session, label):
    """Return a choice among buttons, by its label."""
    (found,) = (one for one in session.at.get("button_group") if one.label == label)
    return found


class State(dict):
    """A session's state, for a function that is called outside of one."""

    __getattr__ = dict.__getitem__


def progress(session):
    return [bar.proto.text for bar in session.at.get("progress")]


def link_of(session):
    (link,) = (one for one in session.at.get("page_link") if one.proto.label == "Open in the explorer")
    return dict(parse_qsl(link.proto.query_string))


# How it opens


def test_it_shows_something_before_much_is_done_and_says_how_far_it_is():
    session = Session(page=PAGE)
    assert (session.errors, session.notices, session.address) == ([], [], {})
    assert len(page.study_of(ChooseK()).done) <= 1  # a twenty-fourth at most
    assert "Stop" in buttons(session)
    (text,) = progress(session)
    assert text.endswith("of 24 cells")


def test_it_goes_on_while_the_browser_draws_what_there_is(monkeypatch):
    monkeypatch.setattr(page, "MEANWHILE", 60)
    order = []
    monkeypatch.setattr(page.layout, "things_to_try", lambda *given: order.append("drawn"))
    go_on = page.go_on
    monkeypatch.setattr(
        page, "go_on", lambda settings, seconds: order.append(seconds) or go_on(settings, seconds)
    )
    session = Session(SMALL | {"data_seed": "58"}, PAGE)
    assert session.errors == []
    # A slice of the part that is drawn by itself, 0 seconds, and once all is drawn the work; at the end all hear of it.
    assert order in (
        [0, "drawn", 60] * 2,
        [0, "drawn", 60] * 3,
    )  # and of the first cell, if that was not done before
    assert progress(session) == []
    assert len(table(session)) == 8


def test_the_first_slice_is_over_with_the_first_cell_or_soon(monkeypatch):
    asked = []

    def advance(study, cells, seconds=np.inf):
        asked.append(list(cells))
        return False

    monkeypatch.setattr(page.Study, "advance", advance)
    monkeypatch.setattr(page.work, "advance", lambda go_on, seconds: asked.append(seconds) or go_on(seconds))
    session = Session({"k": "5", "covariance": "tied"}, PAGE)
    assert session.errors == []
    assert asked[-2:] == [page.FIRST, [(5, "tied")]]
    assert page.FIRST <= 0.1


def test_when_all_is_done_the_page_has_every_part():
    session, cells = opened()
    assert (session.errors, session.address) == ([], {})
    assert progress(session) == []
    assert not {"Stop", "Go on"} & set(buttons(session))
    assert f"**BIC picks {name_of(best(cells, 'bic'))}**" in session.words
    assert "**They disagree.**" in session.words  # as it opens on what can be learnt from
    the_map, curves = charts(session)
    assert len(the_map["data"][0]["x"]) == 24
    assert len(curves["data"]) == 10
    assert len(table(session)) == 24
    assert "ARI" not in session.words + json.dumps(list(table(session).columns))
    titles = [f"**{EXPLAINED[name].title}**" for name in settings_of({}).criteria]
    assert all(title in session.words for title in titles)


@pytest.mark.parametrize(
    "query",
    [
        {"k": "4", "covariance": "diag", "it": "2", "restarts": "1"},
        {"by": "held_out", "folds": "2", "types": "tied,spherical", "ks": "1-3"},
        {"by": "ari", "colour": "truth", "guess": "4", "ks": "2-3", "restarts": "2"},
        {"dataset": "iris", "ks": "3", "restarts": "1"},
        {"init": "hierarchical", "floor": "0", "ks": "2-3"},
        {"guess": "2", "result": "hidden", "ks": "1-2"},
        {"dataset": "faithful", "colour": "truth", "ks": "1-2"},
        {"tol": "0", "max_iter": "5", "n": "60"},
    ],
    ids=str,
)
def test_a_deep_link_shows_what_it_says(query):
    session, _ = opened(**query)
    written = ChooseK.from_query(query)[0].to_query()
    assert (session.errors, session.notices, session.address) == ([], [], written)


def test_a_hostile_link_is_corrected():
    query = {
        "ks": "0-99e9",
        "types": "<b>",
        "k": "<script>",
        "by": "ari",
        "restarts": "1e9",
        "folds": "-1",
        "guess": "nan",
        "result": "hiden",
        "n": "20",
        "max_iter": "1",
        "it": "inf",
    }
    session = Session(query, PAGE)
    assert session.errors == []
    assert session.address == {
        **{"ks": "1-30", "restarts": "50", "folds": "2", "result": "hidden", "n": "20", "max_iter": "1"}
    }
    for told in ("ks was", "types was", "k was", "by was", "restarts was", "folds was", "guess was"):
        assert told in session.notices[0]
    assert "<" not in session.notices[0]


# Stopping and going on


def test_a_stopped_sweep_keeps_what_it_has_and_goes_on():
    settings = settings_of(SMALL)
    page.study_of(settings).advance(settings.cells[:3])
    session = Session(SMALL, PAGE)
    assert progress(session) == ["3 of 8 cells"]
    assert not session.at.get("download_button")  # the next slice would replace the file
    click(session, "Stop")
    assert (session.errors, progress(session)) == ([], ["3 of 8 cells"])
    assert len(session.at.get("download_button")) == 1
    assert "Go on" in buttons(session)
    assert (len(table(session)), len(charts(session)[0]["data"][0]["x"])) == (3, 3)
    assert "So far" not in session.words  # it goes no further
    assert session.player["iteration"] == session.player["home"]
    session.at.run()
    assert progress(session) == ["3 of 8 cells"]
    click(session, "Go on")
    assert "Stop" in buttons(session)
    assert "**So far BIC picks" in session.words
    cells = done(SMALL)
    session.at.run()
    assert (progress(session), len(table(session))) == ([], 8)
    assert f"**BIC picks {name_of(best(cells, 'bic'))}**" in session.words


def test_while_it_runs_the_iteration_asked_for_waits_for_the_best_and_counts_at_once_for_a_cell_that_is_chosen():
    best_so_far = Session(SMALL | {"it": "700", "guess": "3"}, PAGE)
    assert "so far BIC picks" in best_so_far.at.info[0].value
    assert (best_so_far.notices, best_so_far.address["it"]) == ([], "700")
    chosen = Session(SMALL | {"it": "700", "k": "1"}, PAGE)
    assert "The run ends at iteration 2" in chosen.notices[0]
    assert "it" not in chosen.address
    for session in (best_so_far, chosen):
        assert session.errors == []
        assert "Stop" in buttons(session)


def test_a_stop_holds_for_what_was_asked_and_not_for_a_wider_range():
    session = click(Session(SMALL, PAGE), "Stop")
    session.set(ks=(1, 5))
    assert "Stop" in buttons(session)
    session.set(ks=(1, 4))
    assert "Go on" in buttons(session)


def test_a_slice_is_worked_off_after_what_is_done_is_drawn(monkeypatch):
    settings = settings_of(SMALL)
    reruns = []
    monkeypatch.setattr(page.st, "rerun", lambda: reruns.append(len(page.cells_of(settings))))
    page.go_on(settings, seconds=0)
    assert page.cells_of(settings) == []
    while len(page.cells_of(settings)) < 8:
        page.go_on(settings, seconds=1e-9)
    assert reruns == [1, 8]  # the rest of the page hears of the first and of the end
    page.go_on(settings, seconds=1e-9)
    assert reruns == [1, 8]


def test_the_first_cell_is_told_of_before_another_is_begun(monkeypatch):
    settings = settings_of(SMALL)
    monkeypatch.setattr(page.st, "rerun", lambda: None)
    for done in (1, 8):
        page.go_on(settings, seconds=60)
        assert len(page.cells_of(settings)) == done


def test_another_range_keeps_what_is_done():
    session, cells = opened(**SMALL)
    session.set(ks=(2, 6))
    assert progress(session) == ["6 of 10 cells"]
    shown = dict(
        zip(zip(table(session)["K"], table(session)["type"], strict=True), table(session)["BIC"], strict=True)
    )
    for cell in cells[2:]:
        assert shown[cell.n_components, page.TITLES[cell.covariance_type]] == cell.value("bic")
    assert session.address["ks"] == "2-6"


def test_another_criterion_or_the_truth_fits_nothing_again():
    session, _ = opened(**SMALL)
    settings = settings_of(SMALL)
    before = page.study_of(settings)
    pick(session, "icl")
    assert (session.errors, session.address["by"]) == ([], "icl")
    (truth,) = (one for one in session.at.get("button_group") if one.key == "colour")
    truth.set_value("truth").run()
    assert progress(session) == []
    assert page.study_of(replace(settings, by="icl", colour="truth")) is before


def test_the_types_cannot_all_be_taken_away():
    session, _ = opened(**SMALL)
    (pills,) = (one for one in session.at.get("button_group") if one.key == "types")
    pills.set_value(["tied"]).run()
    assert session.address["types"] == "tied"
    (pills,) = (one for one in session.at.get("button_group") if one.key == "types")
    pills.set_value([]).run()
    assert (session.errors, session.address["types"]) == ([], "tied")
    assert session.at.session_state.types == ["tied"]


@pytest.mark.parametrize(
    ("high", "beside", "key"),
    [(6, True, "map"), (7, True, "map_wide"), (10, True, "map_wide"), (11, False, "map_wide")],
)
def test_map_and_curves_stand_side_by_side_where_there_is_room(monkeypatch, high, beside, key):
    keys, columns = [], []

    def noted(name, into, what):
        real = getattr(st, name)
        monkeypatch.setattr(page.st, name, lambda *a, **o: into.append(what(a, o)) or real(*a, **o))

    noted("container", keys, lambda a, o: o.get("key"))
    noted("columns", columns, lambda a, o: a)
    settings = ChooseK(ks=Ends(1, high), types=("full",), n=40, restarts=1)
    page.pictures(settings, [made(2, bic=9.0)], settings.data(), None)
    assert [one for one in keys if one] == [key]
    assert len(columns) == beside


# What cannot win


def test_cells_that_collapse_are_marked_and_never_win():
    session, cells = opened(**COLLAPSING)
    unsound = [cell for cell in cells if cell.problem]
    assert len(unsound) >= 3
    assert max(cells, key=lambda cell: cell.winner.log_likelihood).problem  # they would win
    assert session.errors == []
    (bars,) = charts(session)[0]["data"]
    assert bars["marker"]["pattern"]["shape"] == ["x" if cell.problem else "" for cell in cells]
    assert "**Crossed out**" in session.words
    frame = table(session)
    for cell, note, sound in zip(cells, frame["note"], frame["sound starts"], strict=True):
        assert ("no sound fit" in note) == bool(cell.problem)
        assert sound.startswith("0 of") == bool(cell.problem)
    for name in settings_of(COLLAPSING).criteria:
        picked = best(cells, name)
        assert picked is None or is_sound(picked, name)


def test_held_out_a_component_on_a_repeated_value_does_not_win_either():
    """On iris without a floor, a fold holds copies of the value that a component of the fit to the others sits on."""
    session, cells = opened(dataset="iris", ks="1-6", types="diag", floor="0", by="held_out")
    runaway = max(cells, key=lambda cell: cell.value("held_out"))
    assert (runaway.problem, runaway.unsound_folds) == ("", 1)
    assert runaway.scores["held_out"].max() > 1 > best(cells, "held_out").scores["held_out"].max()
    assert session.errors == []
    assert f"**Held-out log-likelihood picks {name_of(best(cells, 'held_out'))}**" in session.words
    assert name_of(runaway) != name_of(best(cells, "held_out"))
    assert f"K = {runaway.n_components}" in session.words[session.words.index("**Crossed out**") :]
    assert "for 1 of 5 folds" in list(table(session)["note"])[cells.index(runaway)]


def test_an_unsound_cell_can_be_looked_at_all_the_same():
    session, cells = opened(**COLLAPSING, k="12")
    assert cells[-1].problem
    assert session.errors == []
    assert f"Log-likelihood {numeral(cells[-1].winner.log_likelihood, '.3f')}" in session.words
    assert "No sound fit: every start" in session.words


def test_where_no_cell_is_sound_or_fitted_nothing_is_picked_and_that_is_said():
    session, cells = opened(dataset="blobs", n="20", ks="19-22", types="full", restarts="1")
    assert all(cell.problem for cell in cells)
    assert session.errors == []
    assert "**No cell has a sound fit**" in session.words
    assert "No cell has a sound fit, so there is no best one to show" in session.words
    assert session.at.get("bidi_component") == []
    assert "there are only 20 points" in session.words
    assert session.address["n"] == "20"
    session, _ = opened(dataset="blobs", n="20", ks="19-22", types="full", restarts="1", k="19")
    assert session.errors == []
    assert not [label for label in buttons(session) if label.startswith("Back to the best")]


def test_a_cell_outside_the_range_is_not_shown_and_that_is_said():
    session, _ = opened(**SMALL, k="9")
    assert session.errors == []
    assert "K = 9, full is not among the cells tried" in session.words
    assert session.address["k"] == "9"
    click(session, "Back to the best")
    assert "k" not in session.address
    assert session.player["home"] > 0


# Choosing a cell


def test_a_click_on_the_map_shows_the_cell_and_links_to_it():
    session, cells = opened(**SMALL)
    chart = session.at.get("plotly_chart")[0]
    other = cells[1]
    session._report(chart.proto.id, string_value=selection(charts(session)[0], 1))
    assert session.errors == []
    assert session.address == SMALL | {"k": "1", "covariance": "tied"}
    likelihood = f"Log-likelihood {numeral(other.winner.log_likelihood, '.3f')}"
    assert likelihood in session.words
    assert session.player["iteration"] == session.player["home"] == other.winner.iterations
    (bars,) = charts(session)[0]["data"]
    assert bars["marker"]["line"]["width"][1] > 1
    led = Session(link_of(session), script("explorer"))
    assert led.errors == led.notices == []
    assert likelihood in led.words


def selection(figure, number):
    point = {"point_index": number, "curve_number": 0, "customdata": figure["data"][0]["customdata"][number]}
    return json.dumps({"selection": {"points": [point], "point_indices": [number], "box": [], "lasso": []}})


def test_a_map_or_a_choice_that_is_gone_chooses_nothing_any_more(monkeypatch):
    clicked = {"selection": {"points": [{"customdata": [2, "tied"]}]}}
    state = State({page.CHOICES: 7, "k": 0, "covariance": "diag", "map_6": clicked, "map_7": clicked})
    monkeypatch.setattr(page.st, "session_state", state)
    page._clicked("map_6")
    assert (state.k, state.covariance, page.choices()) == (0, "diag", 7)
    page._clicked("map_7")
    assert (state.k, state.covariance, page.choices()) == (2, "tied", 8)
    page._clicked("map_7")  # as that map is gone by now
    assert page.choices() == 8
    for number in (7, 8):
        state.update({f"k_{number}_a": 5, f"type_{number}_a": "full"})
    page._picked(("k_7_a", "type_7_a"), (2, "tied"))
    page._picked(("k_8_a", "type_8_a"), (5, "full"))  # what is shown already
    state["type_8_b"] = state["k_8_c"] = None  # as long as one of the two has not reported
    page._picked(("k_8_a", "type_8_b"), (5, "full"))
    page._picked(("k_8_c", "type_8_a"), (5, "full"))
    assert (state.k, page.choices()) == (2, 8)
    page._picked(("k_8_a", "type_8_a"), (2, "tied"))
    assert (state.k, state.covariance, page.choices()) == (5, "full", 9)
    state.update({"k_9_a": 4, "type_9_a": None})  # no cell was shown: K alone, of the type that was asked for
    page._picked(("k_9_a", "type_9_a"), (None, None))
    assert (state.k, state.covariance) == (4, "full")


def test_k_and_type_can_be_picked_without_the_map():
    session, cells = opened(**SMALL)
    first = best(cells, "bic")
    (k,) = (box for box in session.at.selectbox if box.label == "K shown")
    assert k.value == first.n_components
    k.set_value(2).run()
    assert session.address == SMALL | {"k": "2"} | (
        {"covariance": "tied"} if first.covariance_type == "tied" else {}
    )
    (kind,) = (one for one in session.at.get("button_group") if one.label == "Type shown")
    session.rest(0)
    kind.set_value("full").run()
    assert session.player["iteration"] == session.player["home"] > 0  # another run, which the film opens anew
    assert session.errors == []
    assert session.address == SMALL | {"k": "2"}
    cell = next(cell for cell in cells if (cell.n_components, cell.covariance_type) == (2, "full"))
    assert f"Log-likelihood {numeral(cell.winner.log_likelihood, '.3f')}" in session.words
    click(session, f"Back to the best, {name_of(first)}")
    assert session.address == SMALL


@pytest.mark.parametrize("name", ["stretched", "moons", "iris"])
def test_the_film_is_the_cells_best_start_at_its_end(name):
    query = {"dataset": name, "n": "80", "ks": "3", "restarts": "4", "types": "full,diag"}
    session, cells = opened(**{**query, "k": "3", "covariance": "diag"})
    cell = cells[1]
    assert f"Log-likelihood {numeral(cell.winner.log_likelihood, '.3f')}" in session.words
    assert session.player["iteration"] == session.player["home"] == cell.winner.iterations
    assert link_of(session).get("init_seed", "0") == str(cell.seed)


def test_the_cell_of_the_explorer_is_the_one_that_is_shown():
    done({"dataset": "varied", "n": "90"})
    session = Session({"dataset": "varied", "n": "90", "k": "4", "covariance": "tied"})
    session.at.switch_page(PAGE)
    session.go({})
    assert session.errors == []
    assert (session.at.session_state.k, session.at.session_state.covariance) == (4, "tied")
    session.at.run()  # what Streamlit knows of the explorer's own widgets takes nothing away
    assert (session.at.session_state.k, session.at.session_state.covariance) == (4, "tied")
    click(session, "Back to the best")
    session.at.switch_page(script("explorer"))
    session.go({})
    assert session.notices == []
    assert session.experiment.k == 3  # the explorer's own


def test_the_film_shows_half_steps_or_whole_ones_and_stays_where_it_is():
    session, _ = opened(**SMALL, k="3")
    assert session.player["figure"]["scene"]["mode"] == "steps"
    session.rest(1)
    session.set(frames="whole")
    assert session.player["figure"]["scene"]["mode"] == "whole"
    assert (session.errors, session.player["iteration"], session.address["it"]) == ([], 1, "1")


# Criteria, table, file


def test_the_best_of_each_column_has_a_star():
    session, cells = opened(**SMALL, colour="truth")
    frame = table(session)
    assert [name for name in frame.columns if name in SHORT.values()] == list(SHORT.values())
    for name in CRITERIA:
        write = starring(cells, name)
        first = best(cells, name)
        assert [write(cell.value(name)).startswith("★") for cell in cells] == [
            cell.value(name) == first.value(name) for cell in cells
        ]
        assert write(np.nan) == "none"
        assert list(as_drawn(session)[SHORT[name]]) == [write(cell.value(name)) for cell in cells]
        np.testing.assert_array_equal(frame[SHORT[name]], [cell.value(name) for cell in cells])
    assert list(frame["seed"]) == [str(cell.seed) for cell in cells]
    for name in CRITERIA:
        assert f"**{SHORT[name]}** :gray[{name_of(best(cells, name))}]" in session.words


def test_the_truth_brings_ari_and_takes_it_away_again():
    session, cells = opened(**SMALL, colour="truth", by="ari")
    assert f"**ARI picks {name_of(best(cells, 'ari'))}**" in session.words
    assert session.player["figure"]["scene"]["planes"][0]["colour"] == "truth"
    (colour,) = (one for one in session.at.get("button_group") if one.key == "colour")
    colour.set_value("component").run()
    assert (session.errors, session.address) == ([], SMALL)
    assert "ARI" not in session.words + json.dumps(list(table(session).columns))
    assert session.at.session_state.by == "bic"
    assert not group(session, "Colours of the points").proto.disabled
    assert group(session, "Criterion").options == [CRITERIA[name].title for name in CRITERIA if name != "ari"]


def test_of_points_whose_groups_nobody_knows_there_is_no_ari():
    session, _ = opened(dataset="faithful", ks="1-2", types="full", restarts="1", colour="truth")
    assert session.errors == []
    assert "Nobody knows the true groups" in session.words
    assert group(session, "Colours of the points").proto.disabled
    assert "ARI" not in json.dumps(list(table(session).columns))


def test_the_file_holds_the_table(monkeypatch):
    given = {}
    monkeypatch.setattr(page.st, "download_button", lambda label, data, **rest: given.update(rest, data=data))
    session, cells = opened(**COLLAPSING)
    assert session.errors == []
    assert (given["file_name"], given["mime"], given["on_click"]) == (
        "choose-k-blobs.csv",
        "text/csv",
        "ignore",
    )
    read = list(csv.DictReader(io.StringIO(given["data"])))
    assert [(line["K"], line["bic"]) for line in read] == [
        (str(cell.n_components), repr(cell.value("bic"))) for cell in cells
    ]
    assert [line["note"] for line in read] == list(table(session)["note"])
    assert "ari" not in read[0]


def test_the_criteria_are_explained_with_formula_sign_and_where_they_mislead():
    session, _ = opened(**SMALL, colour="truth")
    assert EXPLAINED.keys() == CRITERIA.keys()
    assert len(session.at.latex) == len(EXPLAINED)
    for name, said in EXPLAINED.items():
        better = "ower is better" if CRITERIA[name].lower_is_better else "igher is better"
        assert better in said.means
        assert said.misleads in session.words
        assert said.settings.by in (name, "bic")
    assert "mclust" in EXPLAINED["bic"].means


# The links


def picks(settings, folds=2):
    """Return the best cell by each criterion, and all; held-out points alone ask for more folds than the fewest."""
    cells = done(replace(settings, folds=folds).to_query())
    return {name: best(cells, name) for name in settings.criteria}, cells


def test_the_links_show_what_they_promise_of_the_criteria():
    moons, _ = picks(EXPLAINED["bic"].settings)
    assert moons["bic"].n_components == 9
    plain, _ = picks(EXPLAINED["aic"].settings)
    assert (plain["bic"].n_components, plain["aic"].n_components) == (3, 7)
    overlapping, _ = picks(EXPLAINED["icl"].settings)
    assert (overlapping["bic"].n_components, overlapping["icl"].n_components) == (3, 2)
    _, cells = picks(EXPLAINED["held_out"].settings, 5)
    assert len(hardly_worse(cells)) == 7
    revealed, _ = picks(EXPLAINED["ari"].settings, 5)
    ari = revealed.pop("ari")
    assert ari.n_components == 2
    assert all(cell.n_components != 2 for cell in revealed.values())
    for said in EXPLAINED.values():
        if said.settings.by != "held_out":
            assert len(np.unique(said.settings.data().labels)) == (
                3 if said.settings.dataset == "blobs" else 2
            )


def test_the_things_to_try_show_what_they_promise():
    _, five, faithful, forty, one, ten = (settings for _, settings in TRIES)
    agreed, _ = picks(five, 5)
    assert {name_of(cell) for cell in agreed.values()} == {"K = 5, tied"}
    geyser, _ = picks(faithful)
    assert (geyser["bic"].n_components, geyser["icl"].n_components) == (3, 2)
    _, cells = picks(forty)
    sound = [sum(not cell.problem for cell in cells if cell.n_components == K) for K in (3, 6, 9)]
    assert sound[0] == 4 > sound[1] > sound[2]
    assert [picks(settings)[0]["bic"].n_components for settings in (one, ten)] == [8, 5]


# The guess


def test_the_result_is_kept_back_until_it_is_asked_for_and_compared_with_the_guess():
    session, cells = opened(**SMALL, result="hidden")
    assert session.errors == []
    (points,) = charts(session)
    assert [part["name"] for part in points["data"]] == ["points"]
    for secret in ("BIC", "picks", "group", "K = "):
        assert secret not in session.words.replace("How many components", "").replace("groups do you", "")
    assert session.at.get("bidi_component") == []
    assert list(session.at.dataframe) == list(session.at.get("page_link")) == []
    assert "Guess first" not in buttons(session)
    session.set(guess=4)
    assert session.address == SMALL | {"result": "hidden", "guess": "4"}
    click(session, "Show the result")
    assert (session.errors, session.address) == ([], SMALL | {"guess": "4"})
    (said,) = (info.value for info in session.at.info)
    assert said.startswith(f"You guessed **4**; BIC picks **{name_of(best(cells, 'bic'))}**.")
    assert "drawn" not in said
    (truth,) = (one for one in session.at.get("button_group") if one.key == "colour")
    truth.set_value("truth").run()
    assert "The points were drawn from **3 groups**" in session.words
    click(session, "Guess first")
    assert session.address == SMALL | {"guess": "4", "colour": "truth", "result": "hidden"}
    assert "3 groups" not in session.words


def test_the_sweep_goes_on_behind_the_guess():
    session = Session(SMALL | {"result": "hidden"}, PAGE)
    assert len(page.cells_of(settings_of(SMALL))) <= 1
    assert progress(session)[0].endswith("of 8 cells")
    assert "Stop" in buttons(session)
    done(SMALL)
    session.at.run()
    assert progress(session) == []


def test_without_a_guess_nothing_is_said_of_one():
    session, _ = opened(**SMALL, result="hidden")
    click(session, "Show the result")
    assert list(session.at.info) == []


def test_a_value_that_is_missing_is_a_word():
    assert written(np.nan, "bic") == "none"
    session, _ = opened(dataset="blobs", n="20", ks="17-21", types="full", restarts="1", folds="5")
    assert session.errors == []
    assert "nan" not in session.words
    assert list(table(session)["seed"])[-1] == "none"
