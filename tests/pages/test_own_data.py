"""A reader's own table on the pages: taken in, asked for, advised about, shown from every side, and in links."""

import json
import re

import numpy as np
import pytest
from sklearn.datasets import load_iris

from gmmviz.em import Mixture, fit
from gmmviz.figures.arrays import unpacked
from gmmviz.pages import script
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.one_dimension.settings import OneDimension
from gmmviz.plain import NOTHING, in_figure
from gmmviz.projection import outlook, principal_axes
from gmmviz.tables import read
from gmmviz.titles import in_brief
from gmmviz.ui import cache, private
from tests.session import Session
from tests.ui.test_private import LEAN, PAGES, QUICK, csv_of, film_of, uploaded

FOUR = csv_of(3, names=("a", "b", "c", "d"))
SIDES = ["explorer", "compare", "restarts", "choose-k"]
"""Pages that show more than two columns."""


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr("gmmviz.ui.work.SECOND", 60)
    cache.clear()


def words_of(session):
    """What is read on the page, with what only keeps signs apart taken out."""
    return re.sub(rf"{NOTHING}\\(.){NOTHING}", r"\1", session.words)


def cloud_of(session):
    (packed,) = film_of(session)["figure"]["scene"]["clouds"]
    return unpacked(packed).T


def pasted(session, text):
    session.at.text_area(key="own_pasted").set_value(text)
    return session.click("own_use_pasted")


# --- Taking it in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_file_is_fitted_on_every_page_that_takes_a_dataset(page):
    session = Session(QUICK | LEAN.get(page, {}), script(page))
    assert session.errors == session.notices == []
    assert not session.at.get("bidi_component")
    uploaded(session, csv_of(1))
    assert session.errors == session.notices == []
    np.testing.assert_array_equal(cloud_of(session), read(csv_of(1)).numbers)
    titles = [
        axis["title"]["text"]
        for name, axis in film_of(session)["figure"]["layout"].items()
        if name == "xaxis"
    ]
    assert titles == ["length"]
    assert session.address["dataset"] == "own"
    assert session.address["columns"] == "1,2"
    assert "flowers.csv: 40 rows, 2 columns." in words_of(session)


def test_what_is_fitted_is_what_the_engine_makes_of_these_numbers():
    session = uploaded(Session(QUICK), csv_of(1))
    X = read(csv_of(1)).numbers
    run = Explorer(k=2, max_iter=20).run(X)
    means = unpacked(film_of(session)["figure"]["scene"]["mixtures"][0]["means"])
    np.testing.assert_array_equal(means[-1], run.states[-1].mixture.means)


def test_a_pasted_table_is_fitted_and_stays_in_its_field():
    session = pasted(Session({"dataset": "own"}), csv_of(2))
    assert session.errors == []
    np.testing.assert_array_equal(cloud_of(session), read(csv_of(2)).numbers)
    assert session.at.text_area(key="own_pasted").value == csv_of(2)


def test_choosing_ones_own_data_asks_for_them_and_another_dataset_leads_back():
    session = Session({"k": "4"}).set(dataset="own")
    assert "from a file, or pasted" in session.words
    assert session.address == {"k": "4", "dataset": "own"}
    session.set(dataset="moons")
    assert session.errors == []
    assert session.address == {"k": "4", "dataset": "moons"}


def test_a_bad_table_is_advised_about_and_nothing_is_lost():
    session = uploaded(Session(QUICK), csv_of(1))
    before = session.address
    pasted(session, "a,b\nx,y")
    assert session.errors == []
    assert "No column holds numbers that differ" in words_of(session)
    assert session.address == before
    np.testing.assert_array_equal(cloud_of(session), read(csv_of(1)).numbers)
    assert session.at.text_area(key="own_pasted").value == "a,b\nx,y"
    pasted(session, csv_of(2))
    assert "No column holds numbers" not in words_of(session)


def test_rows_left_out_are_told_beside_the_columns():
    text = csv_of(1) + "\n,3\n4,none"
    session = uploaded(Session(QUICK), text)
    assert session.errors == []
    assert '2 of 42 rows are left out, without a number in "length" (1), "width" (1; 1 text' in words_of(
        session
    )
    assert session.address["rows"] == "40"


def test_columns_that_leave_too_few_rows_can_be_changed():
    rows = [f"{i},{i % 7},{i % 5 if i < 5 else ''}" for i in range(40)]
    session = uploaded(Session({**QUICK, "columns": "1,3"}), "a,b,c\n" + "\n".join(rows))
    assert session.errors == []
    assert "Of 40 rows, 5 have a number in each of the columns chosen; at least 10 are needed" in words_of(
        session
    )
    assert not session.at.get("bidi_component")
    session.set(columns=["1", "2"])
    assert len(cloud_of(session)) == 40


def test_one_column_is_no_plane():
    session = uploaded(Session(QUICK), csv_of(1)).set(columns=["2"])
    assert session.errors == []
    assert "Choose a second column" in session.words
    session.set(columns=["2", "1"])
    np.testing.assert_array_equal(cloud_of(session), read(csv_of(1)).numbers[:, ::-1])


# --- Its settings -----------------------------------------------------------------------------------------------------


def test_a_column_of_labels_is_the_truth():
    rows = [f"{i % 10},{i * i % 17},{'ab'[i % 2]}" for i in range(40)]
    session = uploaded(Session({**QUICK, "label": "3", "colour": "truth"}), "x,y,group\n" + "\n".join(rows))
    assert session.errors == []
    labels = unpacked(film_of(session)["figure"]["scene"]["planes"][0]["labels"])
    assert labels.tolist() == [i % 2 for i in range(40)]
    assert "ARI" in session.words
    session.set(label=0)
    assert "Nobody knows the true labels" in session.words


def test_choosing_k_compares_with_the_labels_where_there_are_some():
    rows = [f"{i % 10},{i * i % 17},{'ab'[i % 2]}" for i in range(40)]
    query = {**QUICK, **LEAN["choose-k"], "label": "3", "colour": "truth", "by": "ari"}
    session = uploaded(Session(query, script("choose-k")), "x,y,group\n" + "\n".join(rows))
    assert session.errors == []
    assert (session.address["label"], session.address["by"]) == ("3", "ari")


def test_scaled_columns_are_scaled_and_say_so():
    session = uploaded(Session(QUICK), csv_of(1))
    session.at.session_state["scale"] = "yes"
    session.at.run()
    X = read(csv_of(1)).numbers
    np.testing.assert_allclose(cloud_of(session), (X - X.mean(axis=0)) / X.std(axis=0))
    assert film_of(session)["figure"]["layout"]["xaxis"]["title"]["text"] == "length (scaled)"
    assert session.address["scale"] == "yes"


def test_fewer_rows_are_a_part_and_told():
    session = uploaded(Session(QUICK), csv_of(1)).set(rows=20)
    assert len(cloud_of(session)) == 20
    assert "a random 20 of the 40 rows" in words_of(session)


@pytest.mark.parametrize(("page", "most"), [("density", 2000), ("k-means", 5000), ("compare", 5000)])
def test_a_page_takes_no_more_rows_than_it_can_and_all_are_there_on_the_way_back(page, most):
    session = uploaded(Session({**QUICK, "max_iter": "2"}), csv_of(1, N=6000))
    assert session.address["rows"] == "6000"
    session.at.switch_page(script(page))
    session.go({})
    assert session.errors == session.notices == []
    assert session.at.session_state.rows == most
    assert f"a random {most:,} of the 6,000 rows" in words_of(session)
    session.at.switch_page(script("explorer"))
    session.go({})
    assert session.address["rows"] == "6000"


def test_there_are_no_more_components_than_rows():
    session = uploaded(Session({"dataset": "own", "k": "25", "max_iter": "5"}), csv_of(1, N=12))
    assert session.errors == []
    assert session.at.session_state.k == 12
    assert session.go({**session.address, "k": "30"}).errors == []
    assert "There are 12 points, so k is now 12" in session.notices[0]


@pytest.mark.parametrize("page", PAGES)
def test_the_fewest_rows_upset_no_page(page):
    query = {"dataset": "own", "max_iter": "5", **LEAN.get(page, {})}
    query |= {"ks": "1-30"} if page == "choose-k" else {} if page == "compare" else {"k": "30"}
    query |= {"vary": "k"} if page == "compare" else {}
    session = uploaded(Session(query, script(page)), csv_of(1, N=10))
    assert session.errors == []


# --- Links ------------------------------------------------------------------------------------------------------------


def test_a_link_waits_for_its_file_with_all_that_it_says():
    query = {**QUICK, "columns": "2,1", "rows": "25", "scale": "yes", "covariance": "diag", "it": "3"}
    first = uploaded(Session(query), csv_of(1))
    assert first.notices == []
    link = first.address
    assert link == query | {"file": read(csv_of(1)).digest}
    other = Session(link)
    assert other.address == link
    other.set(k=4)  # what is changed meanwhile counts
    uploaded(other, csv_of(1))
    assert other.notices == []
    assert other.address == link | {"k": "4"}
    assert film_of(other)["iteration"] == 3


def test_a_link_to_another_table_shows_nothing_of_the_one_that_is_here_unless_asked():
    session = uploaded(Session(QUICK), csv_of(1))
    session.go({**QUICK, "file": "0123456789", "columns": "1,7"})
    assert session.errors == []
    assert "This link is to a table that stayed with whoever made it" in session.words
    assert not session.at.get("bidi_component")
    session.click("own_use_here")
    assert session.address["file"] == read(csv_of(1)).digest
    assert len(cloud_of(session)) == 40


def test_an_address_that_asks_for_columns_that_are_not_there_is_corrected_and_told():
    session = uploaded(Session(QUICK), csv_of(1))
    file = session.address["file"]
    session.go({**QUICK, "file": file, "columns": "2,9", "rows": "99999", "label": "4"})
    assert session.errors == []
    assert (session.address["columns"], session.address["rows"]) == ("1,2", "40")
    assert 'columns was "2,9"' in session.notices[0]
    assert "There are 40 rows, so rows is now 40" in session.notices[0]
    assert 'label was "4"' in session.notices[0]


def test_links_to_other_data_tell_nothing_of_ones_own():
    session = uploaded(Session(QUICK), csv_of(1)).set(columns=["2", "1"], dataset="blobs")
    assert session.errors == []
    assert session.address == {"k": "2", "max_iter": "20"}
    assert session.go({"k": "5"}).address == {"k": "5"}  # no widget is in the way of an address
    session.set(dataset="own")
    assert session.address["columns"] == "2,1"  # as it was left
    assert len(cloud_of(session)) == 40


@pytest.mark.parametrize("page", PAGES[1:])
def test_ones_own_data_go_along_from_page_to_page(page):
    session = uploaded(Session({**QUICK, "columns": "2,1"}), csv_of(1))
    session.at.switch_page(script(page))
    session.go({})
    assert session.errors == session.notices == []
    assert (session.address["file"], session.address["columns"]) == (read(csv_of(1)).digest, "2,1")
    assert len(cloud_of(session)) == 40


def test_where_the_data_are_hidden_the_file_is_asked_for_all_the_same():
    session = Session({**QUICK, "hide": "data"})
    assert session.errors == []
    uploaded(session, csv_of(1))
    assert session.errors == []
    assert len(cloud_of(session)) == 40
    assert "columns" not in session.widgets
    session.set(k=3)
    assert len(cloud_of(session)) == 40


def test_a_title_says_that_the_data_are_ones_own_and_nothing_of_them():
    settings = Explorer(dataset="own", file="0123456789", columns=("1", "2"), rows=40, scale="yes", k=2)
    assert in_brief(settings, Explorer()) == "Your own data, K = 2, full"


# --- More than two columns --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", SIDES)
@pytest.mark.parametrize("plane", ["", "4-2", "pc"])
def test_many_columns_are_fitted_at_once_and_seen_from_the_side_that_is_chosen(page, plane):
    query = {**QUICK, **LEAN.get(page, {}), "columns": "1,2,4", "plane": plane}
    session = uploaded(Session(query, script(page)), FOUR)
    assert session.errors == session.notices == []
    X = read(FOUR).numbers[:, [0, 1, 3]]
    axes = {"": np.eye(3), "4-2": np.eye(3)[[2, 1, 0]], "pc": principal_axes(X).axes}[plane]
    np.testing.assert_allclose(cloud_of(session), X @ axes.T, atol=1e-12)
    found = film_of(session)["figure"]
    assert unpacked(found["scene"]["mixtures"][0]["covariances"]).shape[2:] == (3, 3)
    named = {"": "a", "4-2": "d", "pc": "Principal component 1"}[plane]
    assert found["layout"]["xaxis"]["title"]["text"].startswith(named)
    assert "The mixture is fitted in 3 columns at once" in session.words
    assert session.address.get("plane", "") == plane


def test_the_film_is_the_run_in_all_columns_turned():
    session = uploaded(Session({**QUICK, "columns": "1,2,3,4", "plane": "pc"}), FOUR)
    X = read(FOUR).numbers
    run = Explorer(k=2, max_iter=20).run(X)
    table = read(FOUR)
    assert session.address["file"] == table.digest
    dataset = private.chosen(table, range(4)).dataset
    expected = outlook(dataset, None).run(run).states[-1].mixture
    found = {
        name: unpacked(part)[-1] for name, part in film_of(session)["figure"]["scene"]["mixtures"][0].items()
    }
    for name, part in found.items():
        np.testing.assert_allclose(part, getattr(expected, name), atol=1e-12)
    assert f"{run.states[-1].iteration} iterations" in session.words


@pytest.mark.parametrize("page", ["density", "k-means"])
def test_pages_of_a_plane_take_two_of_many_columns_say_so_and_keep_the_others(page):
    session = uploaded(Session({**QUICK, "columns": "4,2,1"}), FOUR)
    session.at.switch_page(script(page))
    session.go({})
    assert session.errors == session.notices == []
    np.testing.assert_array_equal(cloud_of(session), read(FOUR).numbers[:, [3, 1]])
    assert "two of the 3 columns" in words_of(session)
    session.at.switch_page(script("explorer"))
    session.go({})
    assert session.address["columns"] == "4,2,1"


def test_another_side_of_the_same_run_keeps_the_iteration_and_gives_up_the_zoom():
    query = {**QUICK, "columns": "1,2,3", "it": "4"}
    session = uploaded(Session(query), FOUR)
    before = film_of(session) and session.player
    session.set(plane="pc")
    assert session.player["run"] == before["run"]
    assert session.player["points"] != before["points"]
    assert session.player["iteration"] == 4


def test_a_plane_goes_with_its_columns():
    session = uploaded(Session({**QUICK, "columns": "1,2,3", "plane": "2-3"}), FOUR)
    session.set(columns=["1", "2", "4"])
    assert "plane" not in session.address
    assert session.notices == []


def test_what_is_not_fitted_does_not_turn_built_in_data():
    session = Session({"plane": "pc", "n": "60"})
    assert session.errors == []
    np.testing.assert_array_equal(cloud_of(session), Explorer(n=60).data().X)


def test_the_matrix_shows_all_pairs_and_marks_the_one_that_is_seen():
    session = uploaded(Session({**QUICK, "columns": "1,2,3,4", "plane": "2-4"}), FOUR)
    specs = [json.loads(chart.proto.spec) for chart in session.at.get("plotly_chart")]
    (matrix,) = (spec for spec in specs if any(trace["name"] == "pairs" for trace in spec["data"]))
    pairs = next(trace["customdata"] for trace in matrix["data"] if trace["name"] == "pairs")
    assert pairs == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]
    widths = [shape["line"]["width"] for shape in matrix["layout"]["shapes"]]
    assert [i for i, width in enumerate(widths) if width > 1] == [4]


def test_tables_below_the_film_have_all_columns():
    session = uploaded(Session({**QUICK, "columns": "1,2,3", "sklearn": "open"}), FOUR)
    session.open("The components in numbers")
    tables = [frame.value for frame in session.at.dataframe]
    columns = {name for table in tables for name in table.columns}
    assert {"mean a", "mean b", "mean c", "variance c"} <= columns


# --- Names are text ---------------------------------------------------------------------------------------------------

ATTACK = "<img src=x onerror=alert(1)>,$x$ **b** :material/home:,[a](javascript:1) [[weights]] www.evil.com"


@pytest.mark.parametrize("page", PAGES)
def test_names_from_a_file_stand_nowhere_as_markup(page):
    text = csv_of(1, names=ATTACK.split(",")[:2])
    session = uploaded(Session(QUICK | LEAN.get(page, {}), script(page)), text, name="**x** <b>.csv")
    assert session.errors == []
    for element in (*session.at.markdown, *session.at.caption, *session.at.warning, *session.at.info):
        assert "<img" not in element.value
        assert "**b**" not in element.value
        assert "**x**" not in element.value
    for spec in [film_of(session)["figure"]] + [
        json.loads(c.proto.spec) for c in session.at.get("plotly_chart")
    ]:
        titles = [
            axis["title"]["text"]
            for name, axis in spec["layout"].items()
            if "axis" in name and "title" in axis
        ]
        assert not any("<img" in title for title in titles)
    assert film_of(session)["figure"]["layout"]["xaxis"]["title"]["text"] == in_figure(ATTACK.split(",")[0])


# --- One column, in one dimension -------------------------------------------------------------------------------------

LINE = {"example": "table"}


def test_a_column_is_fitted_in_one_dimension_from_its_quartiles():
    session = Session(LINE, script("one-dimension"))
    assert "from a file, or pasted" in session.words
    uploaded(session, csv_of(1))
    assert session.errors == session.notices == []
    x = read(csv_of(1)).numbers[:, 0]
    start = Mixture(
        [0.5, 0.5],
        [[float(f"{quartile:.3g}")] for quartile in np.quantile(x, [0.25, 0.75])],
        [[[float(f"{x.var():.3g}")]]] * 2,
    )
    run = fit(x[:, None], start, tol=OneDimension().tol, max_iter=OneDimension().max_iter)
    mixtures = film_of(session)["figure"]["scene"]["mixtures"][0]
    np.testing.assert_array_equal(unpacked(mixtures["means"])[-1], run.states[-1].mixture.means)
    assert session.address == LINE | {"file": read(csv_of(1)).digest, "columns": "1", "rows": "40"}
    session.set(columns=["2"])
    assert session.address["columns"] == "2"
    assert cloud_of(session)[:, 0].tolist() == read(csv_of(1)).numbers[:, 1].tolist()


def test_a_start_that_is_typed_for_a_column_counts_and_what_is_not_is_the_columns():
    session = uploaded(Session({**LINE, "means": "0,4,9"}, script("one-dimension")), csv_of(1))
    assert session.errors == session.notices == []
    x = read(csv_of(1)).numbers[:, 0]
    first = {
        name: unpacked(part)[0] for name, part in film_of(session)["figure"]["scene"]["mixtures"][0].items()
    }
    assert first["means"].ravel().tolist() == [0, 4, 9]
    np.testing.assert_allclose(first["covariances"].ravel(), [x.var()] * 3, rtol=0.005)
    assert first["weights"].tolist() == [1 / 3] * 3
    link = {**LINE, "variances": "2", "weights": "3,1"}
    session = uploaded(Session(link, script("one-dimension")), csv_of(1))
    first = {
        name: unpacked(part)[0] for name, part in film_of(session)["figure"]["scene"]["mixtures"][0].items()
    }
    assert first["covariances"].ravel().tolist() == [2, 2]
    assert first["weights"].tolist() == [0.75, 0.25]


def test_one_dimension_takes_200_rows_and_a_marked_point_among_them():
    session = uploaded(Session({**LINE, "row": "150"}, script("one-dimension")), csv_of(1, N=400))
    assert session.errors == []
    assert (len(cloud_of(session)), session.address["row"]) == (200, "150")
    assert "a random 200 of the 400 rows" in words_of(session)
    session = uploaded(Session({**LINE, "row": "150"}, script("one-dimension")), csv_of(1))
    assert session.errors == []
    assert session.at.session_state.row == 40


def test_of_columns_chosen_elsewhere_one_dimension_takes_the_first_and_says_so():
    session = uploaded(Session({**QUICK, "columns": "2,1"}), csv_of(1))
    session.at.switch_page(script("one-dimension"))
    session.go({})
    session.set(example="table")
    assert session.errors == session.notices == []
    assert session.address["columns"] == "2"
    assert "it takes one of the 2 columns" in words_of(session)
    session.set(example="sixty")
    assert session.errors == []
    assert session.address == {"max_iter": "20"}


# --- Against what others publish --------------------------------------------------------------------------------------


def test_iris_in_all_four_columns_reaches_what_mclust_reaches():
    """Log-likelihood and BIC of mclust's VVV at K = 2 (its own sign turned): -214.354704371 and 574.017832270."""
    flowers = load_iris()
    names = "a,b,c,d,species"
    rows = [
        ",".join([*map(str, row), flowers.target_names[k]])
        for row, k in zip(flowers.data, flowers.target, strict=True)
    ]
    query = {
        "dataset": "own",
        "columns": "1,2,3,4",
        "label": "5",
        "k": "2",
        "init": "k-means",
        "tol": "1e-09",
    }
    session = uploaded(Session(query), "\n".join([names, *rows]))
    assert session.errors == []
    assert "Log-likelihood −214.355" in session.words
    assert "BIC 574.0" in session.words
    session.open("True labels beside predicted labels")
    assert session.errors == []


def test_a_new_point_has_a_field_for_each_column():
    query = {**QUICK, "columns": "1,2,3,4", "sklearn": "open"}
    session = uploaded(Session(query), FOUR)
    assert session.errors == []
    fields = [field for field in session.at.number_input if str(field.key).startswith("new_")]
    assert [field.label.removeprefix("Predict a new point: ") for field in fields] == ["a", "b", "c", "d"]
