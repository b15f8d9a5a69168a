"""Take it with you: nothing before it is asked for, what the film's file holds then, and what a class does not see."""

import json
from functools import cache

import numpy as np
import pytest
import streamlit as st

from gmmviz.em import fit
from gmmviz.experiment import Experiment
from gmmviz.pages import PAGES, script
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.starts import start
from gmmviz.titles import in_brief
from gmmviz.ui import take_away
from gmmviz.ui.take_away import Taken, component_rows
from tests.figures.test_document import Read
from tests.session import Session

LABEL = "Take it with you"
SMALL = {"n": "60", "max_iter": "8"}
TAKING = [page.name for page in PAGES if page.film and page.name != "stories"]


@pytest.fixture
def made(monkeypatch):
    """What a page hands to the buttons that download, by the button's key; None for one of the page's own."""
    buttons = {}

    def note(label, data, *, key=None, **options):
        buttons[key] = (data, options)

    monkeypatch.setattr(st, "download_button", note)
    monkeypatch.setattr(
        "gmmviz.pages.density.numbers.held_out_steps",
        lambda X, tried, *_, folds, **__: iter([np.zeros((len(tried), folds))]),
    )
    monkeypatch.setattr("gmmviz.ui.work.SECOND", 60)
    return buttons


def opened(query, page="explorer"):
    """A page on which the expander is open."""
    session = Session(query, script(page) if page != "explorer" else None)
    session.open(LABEL)
    assert session.errors == []
    return session


def read(made):
    make, _ = made["take_film"]
    return Read(make())


def rows(document):
    """What the document's tables say: names and values."""
    return dict(zip(document.of("th"), document.of("td"), strict=False))


def test_nothing_is_drawn_before_it_is_asked_for(monkeypatch):
    drawn = []
    monkeypatch.setattr(take_away, "ENTRIES", [drawn.append])
    session = Session(SMALL)
    assert LABEL in session.expanders
    assert drawn == []
    session.open(LABEL)
    assert session.errors == []
    assert [taken.settings for taken in drawn] == [session.experiment]


def test_a_press_makes_it_and_opening_does_not(monkeypatch, made):
    count = []
    monkeypatch.setattr(take_away, "film_document", lambda *given, **options: count.append(options))
    opened(SMALL | {"it": "3"})
    make, options = made["take_film"]
    assert (count, options["on_click"]) == ([], "ignore")
    make()
    assert [each["iteration"] for each in count] == [3]


def test_the_film_s_file_holds_the_player_s_film_its_settings_and_its_numbers(made):
    session = opened(SMALL | {"k": "2", "covariance": "tied", "it": "3", "tol": "0"})
    document = read(made)
    payload = json.loads(document.scripts["film-payload"])
    figure = json.loads(session.at.get("bidi_component")[0].proto.json)["figure"]
    assert (payload["figure"], payload["iteration"]) == (figure, 3)
    told = rows(document)
    assert told["Points"] == "60"
    assert told["Components K"] == "2"
    assert told["Covariance type"].startswith("Tied")
    assert told["Dataset"] == "Blobs"
    assert told["Colour points by"] == "Responsibility"
    assert not {"Iteration", "Show"} & told.keys()
    run = session.experiment.run(session.experiment.data().X)
    assert told["EM"] == "8 iterations, not yet converged"
    assert told["Log-likelihood"] == f"\u2212{-run.states[-1].log_likelihood:.3f}"
    assert document.of("h1") == [in_brief(session.experiment, Explorer())]
    assert f"{run.states[-1].mixture.weights[1]:.6g}" in document.of("td")
    assert made["take_film"][1]["file_name"].startswith("gmmviz-blobs-k-2-tied")


@pytest.mark.parametrize(
    ("page", "query", "there", "not_there"),
    [
        ("explorer", {"dataset": "iris", "n": "60"}, {"Points": "150"}, {"Noise", "Data seed"}),
        ("explorer", {"n": "60"}, {"Points": "60", "Noise": "1", "Data seed": "57"}, set()),
        ("one-dimension", {}, {"Start: means": "\u22128, 8, 5"}, {"Your points"}),
        ("one-dimension", {"example": "own"}, {"Your points": "1, 2, 3, 4, 10, 11, 12, 13, 14"}, set()),
    ],
)
def test_settings_are_told_as_they_are_and_not_those_that_decide_nothing(made, page, query, there, not_there):
    opened(query, page)
    told = rows(read(made))
    assert there.items() <= told.items()
    assert not not_there & told.keys()


@pytest.mark.parametrize("page", TAKING)
def test_every_page_with_a_film_gives_the_film_that_it_shows(made, page):
    query = {} if page in ("one-dimension", "collapse") else {"n": "60"}
    more = {
        "choose-k": {"ks": "2-3", "types": "full", "restarts": "1", "folds": "2"},
        "restarts": {"starts": "3"},
    }
    session = opened(query | more.get(page, {}), page)
    document = read(made)
    figure = json.loads(session.at.get("bidi_component")[0].proto.json)["figure"]
    assert json.loads(document.scripts["film-payload"])["figure"] == figure
    assert any(name.startswith("Log-likelihood") for name in document.of("th"))
    assert any(title.startswith("The components at the end") for title in document.of("h2"))


def test_a_class_gets_nothing_that_is_hidden(made):
    opened(SMALL | {"hide": "data,summary,tables"})
    document = read(made)
    assert "Dataset" not in document.of("th")
    assert "Components K" in document.of("th")
    assert document.of("h2") == ["Settings"]
    assert LABEL not in Session(SMALL | {"hide": "take"}).expanders


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("http://localhost:8501", "http://localhost:8501/"),
        ("https://class.test/gmm", "https://class.test/gmm/"),
    ],
)
def test_the_address_leads_back_with_what_is_hidden_and_without_the_presentation(
    made, monkeypatch, url, where
):
    monkeypatch.setattr(type(st.context), "url", property(lambda self: url))
    session = opened(SMALL | {"hide": "tables", "present": "1", "it": "2"})
    (link,) = [has["href"] for tag, has in read(made).tags if tag == "a"]
    assert link.startswith(where)
    query = {name: text for name, text in session.at.query_params.items() if name != "present"}
    assert dict(part.split("=") for part in link.removeprefix(f"{where}?").split("&")) == query
    assert "it" in query


def test_the_components_are_told_with_every_moment_of_few_features_and_means_of_many():
    @cache
    def of(D):
        X = np.random.default_rng(D).normal(size=(50, D))
        return fit(X, start(X, 2, "random-points"), reg_covar=1e-2, max_iter=3).states[-1]

    names = [f"x{i + 1}" for i in range(5)]
    header, (first, _) = component_rows(of(2), names[:2])
    assert header[2:] == ["mean x1", "mean x2", "variance x1", "covariance x1, x2", "variance x2"]
    mixture = of(2).mixture
    values = [mixture.weights[0], *mixture.means[0], *mixture.covariances[0][np.triu_indices(2)]]
    found = [float(text.replace("\u2212", "-")) for text in first[1:]]
    np.testing.assert_allclose(found, values, rtol=1e-5)
    header, table = component_rows(of(5), names)
    assert header == ["component", "weight", *(f"mean {name}" for name in names)]
    assert [len(row) for row in table] == [7, 7]
    header, table = component_rows(of(1), names[:1])
    assert header == ["component", "weight", "mean x1", "variance x1"]


def test_a_name_is_fit_for_a_file():
    assert Taken(Experiment(), dict, "K-means and mixture: ü/..", ()).name == "gmmviz-k-means-and-mixture"
    assert Taken(Experiment(k=2), dict, "", ()).name == "gmmviz-blobs-k-2-full"
