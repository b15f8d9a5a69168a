"""Every number that a page shows has the same minus and the same thousands, in words, tables and figures."""

import json
import re

import numpy as np
import pyarrow as pa
import pytest

from gmmviz.figures.film import View, film
from gmmviz.figures.notebook import animate
from gmmviz.pages import PAGES, script
from gmmviz.pages.choose_k.page import study_of
from gmmviz.pages.choose_k.settings import ChooseK
from gmmviz.pages.density.figure import scores_figure
from gmmviz.pages.explorer.figure import labels_figure
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.k_means.bridge_figure import agreement_figure, assignments_figure
from gmmviz.pages.stories.story import SHELF
from gmmviz.ui import cache
from tests.session import Session

PLAIN = re.compile(r"(?<!\w)-\.?\d|\d[eE][-+]?\d|(?<![\w.,#])\d{5,}")
"""A hyphen for a minus, a power of ten as programs write it, five digits or more without a comma."""
TYPED = re.compile(r'`[^`]*`|"[^"]*"|#[0-9a-f]{6}')
"""Code, colours, and what the reader has typed, in the form in which it must be typed."""
BY_HAND = re.compile(r"%\{[xyz]:")
"""A number that a hover's words format themselves: Plotly leaves it a hyphen."""

VISITS = [
    ("explorer", {}),
    ("explorer", {"n": "20000", "max_iter": "3", "init": "hierarchical", "floor": "1e-05"}),
    ("explorer", {"dataset": "iris", "floor": "0.1", "tol": "0", "max_iter": "60", "colour": "truth"}),
    ("explorer", {"k": "16", "n": "20", "floor": "0", "sklearn": "open"}),
    ("explorer", {"n": "1e9", "max_iter": "-2", "floor": "1e-300", "k": "7"}),
    ("one-dimension", {}),
    ("one-dimension", {"example": "hastie", "it": "9", "estep": "plain"}),
    ("one-dimension", {"variances": "25,9,1", "it": "5", "row": "60"}),
    ("one-dimension", {"means": "-1000000,1000000", "variances": "1e-06,1e-06"}),
    ("one-dimension", {"example": "own", "points": "-123456.5,1,2,54321,98765.4", "row": "4"}),
    ("one-dimension", {"example": "own", "points": "-20000,-20000,5,7,9,1e99", "means": "-20000,1e7,6"}),
    ("compare", {}),
    ("compare", {"vary": "n", "extra": "n=20000&max_iter=3&noise=4.5", "colour": "truth", "max_iter": "40"}),
    ("compare", {"vary": "floor", "values": "0,1e-12,0.1", "dataset": "faithful"}),
    ("k-means", {}),
    ("k-means", {"dataset": "imbalanced", "n": "5000", "v": "1e-12", "px": "-6", "py": "-123456"}),
    ("k-means", {"dataset": "iris", "init": "k-means++", "v": "0.001", "colour": "truth"}),
    ("density", {"n": "2000", "drawn": "2000", "max_iter": "5"}),
    ("density", {"k": "12", "floor": "0"}),
    ("restarts", {"starts": "20", "n": "60", "dataset": "blobs"}),
    ("restarts", {"starts": "20", "dataset": "iris", "k": "4", "tol": "1e-09", "max_iter": "40"}),
    ("choose-k", {"restarts": "1", "folds": "2"}),
    ("teachers", {}),
    (
        "choose-k",
        {"guess": "4", "by": "held_out", "colour": "truth", "n": "60", "ks": "1-3", "restarts": "2"},
    ),
    ("choose-k", {"guess": "2", "by": "icl", "dataset": "iris", "ks": "2-3", "noise": "2", "k": "2"}),
    (
        "choose-k",
        {"dataset": "blobs", "n": "30", "floor": "0", "ks": "6-22", "types": "full", "restarts": "2"},
    ),
    ("choose-k", {"result": "hidden", "n": "4000", "ks": "1", "types": "tied"}),
    ("stories", {}),
    *(("stories", {"story": name}) for name in SHELF),
    ("collapse", {}),
    ("glossary", {}),
    ("collapse", {"floor": "1e-12", "case": "repeated", "covariance": "tied"}),
]


@pytest.fixture
def quick_held_out(monkeypatch):
    """Negative scores for held-out ones, which take seconds."""
    monkeypatch.setattr(
        "gmmviz.pages.density.numbers.held_out_steps",
        lambda X, tried, *_, folds, **__: iter([-np.ones((len(tried), folds)) * tried[:, None]]),
    )
    monkeypatch.setattr("gmmviz.ui.work.SECOND", 60)
    yield
    cache.clear()


@pytest.mark.usefixtures("quick_held_out")
@pytest.mark.parametrize(("page", "query"), VISITS, ids=str)
def test_all_numbers_of_a_page_look_alike(page, query):
    if page == "choose-k":
        settings, _ = ChooseK.from_query(query)
        study_of(settings).advance(settings.cells)  # else there would be none
    session = Session(query, script(page))
    assert session.errors == []
    if closed := [label for label, block in session.expanders.items() if "numbers" in label]:
        session.open(*closed)
    texts = [*said(session), *cells(session), *hovers(session)]
    assert [text for text in texts if PLAIN.search(TYPED.sub("", text))] == []


def test_every_page_is_visited():
    assert {page for page, _ in VISITS} == {page.name for page in PAGES}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a fall of -0.5", True),
        ("(+1.2e-06)", True),
        ("1e9", True),
        ("20000 points", True),
        ("12345.6", True),
        ("at (−6, −2.5), 10⁻⁶, 20,000 and 0.00001", False),
        (r"r_{1,2} = -5", True),
        (r"\textcolor{#d55e00}{1{,}234}", False),
        ("30-50 of 1960", False),
        ('k was "-5"; now 1', False),
        ("K-means, k-means++, E- and M-step", False),
    ],
)
def test_what_is_no_numeral_is_seen(text, plain):
    assert bool(PLAIN.search(TYPED.sub("", text))) == plain


def said(session):
    """The page's texts, its links, and its widgets' words: not the numbers that are typed in them."""
    at = session.at
    elements = (*at.markdown, *at.caption, *at.warning, *at.info, *at.success, *at.latex)
    texts = [without_signs(element.value) for element in elements]
    texts += [link.proto.label for link in at.get("page_link")]
    texts += [block.label for block in at.expander]
    for widget in session.widgets.values():
        texts += [widget.label, widget.help or "", *map(str, getattr(widget, "options", []))]
    return texts


def without_signs(text):
    """A text whose formulas have their own minus: KaTeX makes it of the hyphen."""
    return re.sub(r"\$+[^$]*\$+", lambda formula: re.sub(r"(?<!\w)-(?=\d)", "", formula[0]), text)


def cells(session):
    """What stands in the cells of all tables."""
    for table in session.at.dataframe:
        shown = pa.ipc.open_stream(table.proto.arrow_data.styler.display_values).read_all()
        yield from (str(cell) for column in shown.columns for cell in column.to_pylist())


def figures(session):
    """All figures of the page."""
    charts = [json.loads(chart.proto.spec) for chart in session.at.get("plotly_chart")]
    return [*charts, session.player["figure"]] if session.at.get("bidi_component") else charts


def hovers(session):
    """What the figures say in words, numbers and names; and their axes are looked at."""
    for figure in figures(session):
        assert_axes(figure)
        for trace in every_trace(figure):
            for words in (trace.get("text"), trace.get("customdata"), trace.get("hovertext")):
                yield from (
                    (word for word in words if isinstance(word, str)) if isinstance(words, list) else ()
                )
        yield from (note["text"] for note in figure["layout"].get("annotations", []))
        yield from figure["layout"].get("meta", {}).get("labels", [])


def every_trace(figure):
    """A figure's traces, and what its frames change in them."""
    return [*figure["data"], *(update for frame in figure.get("frames", []) for update in frame["data"])]


def assert_axes(figure):
    """All axes of a figure keep thousands apart, and have the formats by which a hover's numbers get their minus."""
    axes = {name: axis for name, axis in figure["layout"].items() if re.fullmatch(r"[xy]axis\d*", name)}
    assert len(axes) >= 2
    for name, axis in axes.items():
        assert axis["separatethousands"] is True, name
        assert axis["exponentformat"] == "power", name
        assert axis["hoverformat"].startswith(","), name
        assert axis["zeroline"] in (True, False)
    for trace in every_trace(figure):
        assert not BY_HAND.search(trace.get("hovertemplate", "")), trace["hovertemplate"]


def still_figures():
    """The figures that no page's player shows, by the functions that draw them."""
    settings = Explorer(n=60)
    dataset = settings.data()
    run = settings.run(dataset.X)
    mixture, labels = run.states[-1].mixture, dataset.labels
    tried, shares = np.arange(1, 4), np.array([1.0, 0.1])
    yield film(dataset, run)
    yield film(dataset, run, View("membership", steps=True))
    yield json.loads(animate(run, dataset.X).to_json())
    yield labels_figure(dataset, mixture)
    yield scores_figure(tried, -np.ones((3, 2)), 2)
    yield agreement_figure(shares, np.ones(2), 0.1)
    yield assignments_figure(dataset, labels, labels, mixture.means, np.array([0]))


def test_all_axes_keep_thousands_apart():
    for figure in still_figures():
        assert_axes(figure)
