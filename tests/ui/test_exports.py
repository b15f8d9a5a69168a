"""What a reader takes away: made only when it is asked for, of what the page shows, and of nothing that is hidden."""

import csv
import io

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from gmmviz.em import e_step
from gmmviz.exports import qr, scripts, tables
from gmmviz.pages import script
from gmmviz.pages.density.settings import Density
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.ui import exports
from tests.session import Session

TAKE = "Take it with you"
HOME = "http://10.0.0.7:8500/"


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """Lets the reader be at an address, by default at one of a room's network."""

    def here(url):
        monkeypatch.setattr(type(st.context), "url", url)

    here(HOME)
    return here


@pytest.fixture
def files(monkeypatch):
    """The buttons for files: what makes each file, by its name, and the buttons' labels."""
    files = {}

    def button(label, data, *, file_name, **rest):
        if rest["mime"] == "text/csv":
            assert rest["on_click"] == "ignore"
            files[file_name] = (label, data)

    monkeypatch.setattr(exports.st, "download_button", button)
    return files


def opened(query=(), page=None):
    session = Session(query, page).open(TAKE)
    assert session.errors == []
    return session


def read(file):
    """The rows of a file, by their columns' names."""
    _, make = file
    return list(csv.DictReader(io.StringIO(make().decode("utf-8-sig"))))


def codes(session):
    return [code.value for code in session.at.code]


def test_nothing_is_made_before_it_is_asked_for(files, monkeypatch):
    for maker in ("with_gmmviz", "with_scikit_learn"):
        monkeypatch.setattr(exports.scripts, maker, lambda *_: pytest.fail("a script"))
    monkeypatch.setattr(exports.written, "lines", lambda *_: pytest.fail("a table"))
    session = Session()
    assert (session.errors, codes(session), files) == ([], [], {})
    assert TAKE in session.expanders


# Files


def test_the_files_hold_the_run_at_the_iteration_that_the_film_shows(files):
    experiment = Explorer(dataset="iris", k=2)
    dataset = experiment.data()
    run = experiment.run(dataset.X)
    opened({"dataset": "iris", "k": "2", "it": "3"})
    assert [*files] == [
        f"iris-{what}.csv" for what in ("parameters", "log-likelihoods", "responsibilities", "points")
    ]
    label, _ = files["iris-responsibilities.csv"]
    assert label == "Responsibilities, iteration 3"
    R, _ = e_step(dataset.X, run.states[3].mixture)
    rows = read(files["iris-responsibilities.csv"])
    assert [float(row["responsibility of component 1"]) for row in rows] == R[:, 0].tolist()
    assert [float(row["Sepal width (cm)"]) for row in read(files["iris-points.csv"])] == dataset.X[
        :, 1
    ].tolist()
    parameters = read(files["iris-parameters.csv"])
    assert len(parameters) == 2 * len(run.states)
    assert float(parameters[-1]["weight"]) == run.states[-1].mixture.weights[1]
    assert len(read(files["iris-log-likelihoods.csv"])) == len(run.states)


def test_an_iteration_that_a_shorter_run_does_not_reach_is_its_last(files):
    experiment = Explorer(n=50, k=2)
    dataset = experiment.data()
    run = experiment.run(dataset.X)
    exports_page(lambda: exports.tables(exports.Fit(run, dataset), 2000))
    assert files["blobs-responsibilities.csv"][0] == f"Responsibilities, iteration {len(run.states) - 1}"


def exports_page(draw):
    """Draw in a page of its own."""

    def page(draw):
        draw()

    at = AppTest.from_function(page, kwargs={"draw": draw}).run()
    assert not at.exception
    return at


def test_what_is_hidden_is_in_no_file(files):
    opened({"hide": "truth"})
    assert "true group" in tables.points(Explorer().data()).header
    for name in ("blobs-points.csv", "blobs-responsibilities.csv"):
        assert "true group" not in read(files[name])[0]
    files.clear()
    assert len(codes(opened({"hide": "tables"}))) == 3
    assert files == {}


def test_a_long_file_lets_others_in_between(monkeypatch):
    ways = []
    monkeypatch.setattr(exports, "give_way", lambda: ways.append(1))
    rows = [[number, "ä"] for number in range(2 * exports.SLICE)]
    made = exports.made(lambda: tables.Table(["a", "b"], rows))
    assert len(ways) == 2
    assert made.decode("utf-8-sig").splitlines()[-1] == f"{rows[-1][0]},ä"


def test_the_points_of_a_turn_are_made_in_a_turn(monkeypatch):
    """A file is made outside a page's script: it waits for its turn as that does."""
    inside = []
    monkeypatch.setattr(exports, "give_way", lambda: None)

    def table():
        inside.append(exports.turn)
        return tables.Table(["a"], [])

    class Turn:
        def __enter__(self):
            inside.append("in")

        def __exit__(self, *_):
            inside.append("out")

    monkeypatch.setattr(exports, "turn", Turn)
    exports.made(table)
    assert (inside[0], inside[-1]) == ("in", "out")


# Scripts and link


def test_the_scripts_repeat_the_run_of_the_page_and_the_link_leads_to_it():
    experiment = Explorer(dataset="moons", k=4)
    dataset = experiment.data()
    run = experiment.run(dataset.X)
    link = f"{HOME}?dataset=moons&k=4&it=2&version=2"
    about = (experiment, dataset, run, link)
    assert codes(opened({"dataset": "moons", "k": "4", "it": "2"})) == [
        link,
        scripts.with_gmmviz(*about).strip(),
        scripts.with_scikit_learn(*about).strip(),
    ]


def test_another_page_has_its_own_link_and_the_frame_goes_along_but_not_the_presentation():
    session = opened(
        {"k": "3", "hide": "truth", "present": "1", "next": "?k=2 density?k=4"}, script("density")
    )
    link, ours, theirs = codes(session)
    assert link.split("&version=")[0] == f"{HOME}density?hide=truth&next=?k=2+density?k=4&k=3"
    assert link in ours
    experiment = Density(k=3)
    assert f"{experiment.run(experiment.data().X).states[-1].log_likelihood!r}" in theirs


@pytest.mark.parametrize(
    "home", ["https://example.org", "https://example.org/", "https://example.org/course"]
)
def test_the_link_begins_with_the_address_at_which_the_reader_is(at, home):
    at(home)
    assert codes(opened({"k": "4"}))[0] == f"{home.rstrip('/')}/?k=4&version=2"
    at(f"{home.rstrip('/')}/density")
    assert codes(opened({"k": "3"}, script("density")))[0] == f"{home.rstrip('/')}/density?k=3&version=2"


def test_where_nobody_knows_the_address_there_is_no_link(at):
    at(None)
    session = opened()
    assert len(codes(session)) == 2
    assert "http" not in codes(session)[0]
    assert "take_qr" not in session.widgets


def test_a_link_too_long_for_a_code_is_said_to_be():
    labels = [button.label for button in opened().at.button]
    assert "QR code for the room" in labels
    session = opened({"next": " ".join(f"?k={k}&data_seed={k}" for k in range(1, 30))})
    assert len(codes(session)[0]) < qr.LONGEST
    long = " ".join(f"density?dataset=imbalanced&covariance=spherical&data_seed={k}" for k in range(1, 30))
    session = opened({"next": long.replace("&", ";")})
    assert len(codes(session)[0]) > qr.LONGEST
    assert "QR code for the room" not in [button.label for button in session.at.button]
    assert "too long for a QR code" in session.words


@pytest.mark.parametrize(
    ("url", "local"), [("http://localhost:8501/", True), ("http://10.0.0.7:8500/", False)]
)
def test_a_code_that_leads_nowhere_is_said_to(at, url, local):
    at(url)
    session = opened().open(TAKE)
    session.widgets["take_qr"].click()
    session.open(TAKE)
    words = " ".join(warning.value for warning in session.at.warning)
    assert ("opens on this computer only" in words) == local


# Several runs


def test_of_several_runs_one_is_chosen(files):
    fits = [
        exports.Fit(
            experiment.run((dataset := experiment.data()).X), dataset, experiment, f"K = {experiment.k}"
        )
        for experiment in (Explorer(k=2), Explorer(k=5))
    ]

    at = exports_page(lambda: exports.of_a_run(fits, 1))
    assert "n_components=2" in at.code[1].value
    at.selectbox(key="take_run").set_value(1).run()
    assert not at.exception
    assert "n_components=5" in at.code[1].value
    rows = read(files["blobs-parameters.csv"])
    assert {row["component"] for row in rows} == set("12345")


def test_a_run_that_is_no_experiment_has_files_and_no_script(files):
    experiment = Explorer(n=50, k=2)
    dataset = experiment.data()
    fit = exports.Fit(experiment.run(dataset.X), dataset)
    at = exports_page(lambda: exports.of_a_run([fit], 0))
    assert (len(files), len(at.code)) == (4, 0)
    assert np.isfinite(fit.run.states[-1].log_likelihood)
