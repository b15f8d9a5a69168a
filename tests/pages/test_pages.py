"""Every page opens, explains its controls, and neither an extreme setting nor a hostile address upsets it."""

from dataclasses import replace
from functools import singledispatch
from itertools import product
from urllib.parse import parse_qsl

import numpy as np
import pytest

from gmmviz.datasets import DATASETS, READY
from gmmviz.em import COVARIANCE_TYPES
from gmmviz.pages import PAGES, script
from gmmviz.pages.collapse.page import NO_REMEDIES, REMEDIES
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.settings import (
    Choice,
    ColumnList,
    Decade,
    Dots,
    Ends,
    NumberList,
    Places,
    Setting,
    Several,
    Span,
    TextList,
    Word,
)
from gmmviz.starts import STARTS
from gmmviz.ui import cache
from gmmviz.ui.session import KEY
from tests.session import Session

SCRIPTS = [page.script for page in PAGES]
of_every_page = pytest.mark.parametrize("page", SCRIPTS)
PAIRS = list(product(STARTS, COVARIANCE_TYPES))
DATA = list(READY)
SMALL = {"n": "40", "max_iter": "10"}


@singledispatch
def extremes(row: Setting):
    """A setting's lowest and highest value, or every choice."""
    return [row.low, row.high]


@extremes.register
def _(row: Choice):
    return list(row.choices)


@extremes.register
def _(row: Decade):
    return [*sorted(row.choices)[:2], max(row.choices)]  # 0 means something else than a small number


@extremes.register
def _(row: Several):
    return [tuple(row.choices), *((name,) for name in row.choices)]


@extremes.register
def _(row: Span):
    return [Ends(row.low, row.low), Ends(row.high, row.high), Ends(row.low, row.high)]


@extremes.register
def _(row: NumberList):
    fewest, most = row.count
    return [(row.low,) * fewest, (row.high,) * most, (row.low, row.high) * fewest]


@extremes.register
def _(row: ColumnList):
    return [(), tuple(str(i + 1) for i in range(row.most))]


@extremes.register
def _(row: Word):
    return [row.default, "0123456789"]


@extremes.register
def _(row: Places):
    corners = [(x, y) for x in (row.low, row.high) for y in (row.low, row.high)]
    return [(), tuple(corners[i % 4] for i in range(row.most)), ((0.0, 0.0),) * 3]


@extremes.register
def _(row: Dots):
    return [
        (),
        ((0, 0),) * row.most,
        tuple((i % 4096, i * i % 4096) for i in range(0, 4096, 4096 // row.most))[: row.most],
    ]


@extremes.register
def _(row: TextList):
    return [(), ("k=16",) * row.most, ("<b>",), ("0.5", "1e99", "-3")]


@of_every_page
def test_a_page_opens_in_order_and_explains_its_controls(page):
    session = Session(page=page)
    assert session.errors == session.notices == []
    assert session.address == {}
    for name, widget in session.widgets.items():
        assert widget.label
        assert widget.help, name


@of_every_page
def test_a_page_survives_a_hostile_address_and_says_what_it_changed(page):
    hostile = {
        "k": "<script>",
        "dataset": "nan",
        "n": "-5",
        "floor": "inf",
        "it": "1e999",
        "nonsense": "x" * 9999,
    }
    session = Session(SMALL | hostile, page)
    assert session.errors == []
    assert "nonsense" not in session.address
    assert not {"<", ">"} & set(session.notices[0])


@pytest.fixture
def quick_held_out(monkeypatch):
    """Zeros for held-out scores, which take seconds; the other tests compute them."""
    monkeypatch.setattr(
        "gmmviz.pages.density.numbers.held_out_steps",
        lambda X, tried, *_, folds, **__: iter([np.zeros((len(tried), folds))]),
    )
    monkeypatch.setattr("gmmviz.pages.restarts.page.SLICE", 0.02)
    monkeypatch.setattr("gmmviz.ui.work.SECOND", 60)
    yield
    cache.clear()


@pytest.mark.usefixtures("quick_held_out")
@of_every_page
def test_no_extreme_of_one_setting_upsets_a_page(page):
    session = Session(page=page)
    table = session.table
    small = {name: text for name, text in SMALL.items() if name in table}
    for name, row in table.items():
        for value in extremes(row):
            assert session.go(small | {name: row.write(value)}).errors == [], (name, value)


SEEDS = {"new_data_seed": "data_seed", "new_init_seed": "init_seed", "new_drawn_seed": "drawn_seed"}
WORKING = {"Stop", "Go on", "Compare all ways to start"}  # they change what is done, and no setting
CHANGES = {f"remedy_{label}": change for label, change, _ in REMEDIES}
CHANGES |= {"add_step": {"steps": "?"}}
CHANGES |= {
    "preset": {"init_seed": 4, "data_seed": 57},
    "add_from_explorer": {"extra": ["dataset=blobs&version=2"]},
    "result_hidden": {"result": "hidden"},
}


@pytest.mark.usefixtures("quick_held_out")
@of_every_page
def test_every_button_does_its_work(page):
    session = Session(page=page)
    for button in [one.key or one.label for one in session.at.button if not one.proto.disabled]:
        before = {name: session.at.session_state[name] for name in session.table}
        click(session, button)
        assert session.errors == [], button
        after = {name: session.at.session_state[name] for name in session.table}
        if button in SEEDS:
            expected = {SEEDS[button]: before[SEEDS[button]] + 1}
        elif button in WORKING:
            expected = {}
        else:
            expected = CHANGES.get(button) or {"Take all remedies away": NO_REMEDIES}[button]
        assert after | {"it": None} == before | expected | {"it": None}
        for name, value in expected.items():
            row = session.table[name]
            assert session.address.get(name) == (None if value == row.default else row.write(value))


def click(session, button):
    """Click a button by its key, or by its label."""
    (found,) = (one for one in session.at.button if button in (one.key, one.label))
    found.click().run()


@pytest.mark.usefixtures("quick_held_out")
@of_every_page
def test_every_link_leads_to_what_it_says(page):
    session = Session(page=page)
    if (notes := "Where well-known tutorials err") in session.expanders:
        session.open(notes)
    for link in session.at.get("page_link"):
        query = dict(parse_qsl(link.proto.query_string))
        led = Session(query, f"pages/{link.proto.page or 'explorer'}.py")
        assert (led.errors, led.notices, led.at.query_params) == ([], [], query), link.proto.label


@pytest.mark.usefixtures("quick_held_out")
@pytest.mark.parametrize("page", [page for page in SCRIPTS if page != script("explorer")])
def test_values_carry_over_to_a_page_that_has_the_setting_and_back(page):
    session = Session({"dataset": "varied", "k": "4", "covariance": "tied", "data_seed": "9", "it": "2"})
    experiment = session.experiment
    session.at.switch_page(page)
    session.go({})
    for name in session.table.keys() & {"dataset", "k", "covariance", "data_seed"}:
        assert session.at.session_state[name] == getattr(experiment, name), name
    session.at.switch_page(script("explorer"))
    session.go({})
    assert session.errors == session.notices == []
    assert session.experiment == replace(experiment, it=0)  # an arrival begins at the film's start


@of_every_page
def test_few_points_and_many_components_upset_no_page(page):
    session = Session({"n": "0", "k": "99", "floor": "0", "max_iter": "10"}, page)
    assert session.errors == []


def test_every_setting_of_the_explorer_is_an_extreme_once():
    assert all(len(set(extremes(row))) >= 2 for row in Explorer.table().values())


DOTS = tuple((4095 * i // 299, 4095 * (i * i % 17) // 16) for i in range(300))
WITH_DATA = [page.script for page in PAGES if "dots" in page.opening.table()]


@pytest.mark.usefixtures("quick_held_out")
@pytest.mark.parametrize("page", WITH_DATA)
def test_drawn_points_are_shown_on_every_page_that_takes_a_dataset_or_it_says_how_many_lack(page):
    row = Explorer.table()["dots"]
    for n in (0, 1, 19, 20, 300):
        query = {"dataset": "drawn", "max_iter": "5"} | ({"dots": row.write(DOTS[:n])} if n else {})
        session = Session(query, page)
        assert (session.errors, session.notices, session.address) == ([], [], query), n
        fewest = 2 if page == script("explorer") else 20
        assert session.at.session_state[KEY].settings.lacking == max(
            0, max(fewest, session.at.session_state.k) - n
        )
        headings = [line for line in session.words.splitlines() if line.startswith("# ")]
        assert len(headings) == 1
        if n < fewest and fewest == 20:
            (link,) = session.at.get("page_link")
            assert headings == ["# Too few points"]
            led = dict(parse_qsl(link.proto.query_string))
            assert led == {name: text for name, text in query.items() if name != "max_iter"} | {
                "version": session.version
            }
        else:
            assert headings != ["# Too few points"]


def test_a_page_that_shows_made_data_shows_drawn_data():
    assert len(WITH_DATA) == 6


@pytest.mark.parametrize("dataset", DATA)
def test_every_dataset_start_and_covariance_type_goes_with_every_other(dataset):
    """With each of the two others: a start has all covariance types in turn, over the datasets."""
    session, types = Session(), list(COVARIANCE_TYPES)
    for i, init in enumerate(STARTS):
        covariance, k = types[(i + DATA.index(dataset)) % len(types)], ("1", "16", "7")[i % 3]
        query = SMALL | {"dataset": dataset, "init": init, "covariance": covariance, "k": k}
        assert session.go(query).errors == session.notices == [], query
        assert session.address == Explorer.from_query(query)[0].to_query()


def test_there_are_datasets_and_starts_enough_for_that():
    assert min(len(DATASETS), len(STARTS)) >= len(COVARIANCE_TYPES)


@pytest.mark.parametrize("floor", ["0", "1e-06"])
def test_points_without_any_scatter_upset_nothing(floor):
    session = Session()
    for i, (init, covariance) in enumerate(PAIRS):
        dataset = ("blobs", "imbalanced", "circles")[i % 3]
        query = {"n": "20", "noise": "0", "k": "16", "max_iter": "5", "dataset": dataset, "floor": floor}
        assert session.go(query | {"init": init, "covariance": covariance}).errors == []


# What is chosen on one page, on another


def visit(session, page, **values):
    session.at.switch_page(script(page))
    session.go({})
    return session.set(**values) if values else session


@pytest.mark.usefixtures("quick_held_out")
def test_a_value_carries_over_a_page_whose_own_default_it_is():
    session = Session({"dataset": "moons", "k": "2"})
    visit(visit(session, "density"), "explorer")
    assert (session.experiment.dataset, session.experiment.k) == ("moons", 2)


@pytest.mark.usefixtures("quick_held_out")
def test_noise_carries_over_with_the_dataset_it_was_set_for():
    session = visit(Session().set(noise=3.0), "density")
    assert (session.at.session_state.dataset, session.at.session_state.noise) == ("blobs", 3.0)


@pytest.mark.usefixtures("quick_held_out")
def test_more_points_than_a_page_allows_are_still_there_on_the_way_back():
    session = visit(Session({"n": "20000", "k": "2"}), "density")
    assert session.notices == []
    assert session.at.session_state.n == 2000
    assert visit(session, "explorer").experiment.n == 20000


def test_a_rest_where_the_film_rested_before_is_news():
    session = Session().rest(3)
    session.click("new_init_seed")
    assert "it" not in session.address
    assert session.rest(3).address["it"] == "3"


def test_a_rest_that_brings_the_address_from_before_a_click_does_not_undo_the_click():
    session = Session(page=script("collapse"))
    session.click("remedy_A floor")
    assert session.address == {"floor": "0.001"}
    session.at.query_params = {}
    assert session.rest(0).address == {"floor": "0.001"}
    session.at.query_params = {}
    assert session.rest(2).address == {"floor": "0.001", "it": "2"}


def test_such_an_address_is_known_whatever_iteration_it_holds():
    session = Session({"it": "5"}, script("collapse")).click("remedy_A floor")
    assert session.address == {"floor": "0.001"}
    session.at.query_params = {}  # the player has taken the iteration out of the address from before
    assert session.rest(0).address == {"floor": "0.001"}


def test_a_widget_speaks_louder_than_an_address_that_changed_at_the_same_moment():
    session = Session({"n": "60"})
    session.at.query_params = {"n": "60", "it": "3"}
    assert session.set(k=5).address == {"n": "60", "k": "5"}


def test_back_after_a_rest_goes_back():
    session = Session({"k": "4"}).set(k=5).rest(3)
    assert session.go({"k": "4"}).experiment.k == 4
