"""A reader's own table in a browser: taken in, seen from every side, and never markup, whatever its names are."""

import re
from pathlib import Path

import numpy as np
from playwright.sync_api import expect

from gmmviz.plain import NOTHING
from gmmviz.tables import read
from tests import axe

TABLES = Path(__file__).parent.parent / "data" / "tables"
PAGES = {"compare": "", "restarts": "&starts=10", "choose-k": "&ks=1-2", "density": "", "k-means": ""}
HARMED = """() => ({
  dialogs: window.harmed ?? 0,
  images: document.querySelectorAll("img[src='x'], img[onerror]").length,
  links: document.querySelectorAll("a[href*=javascript], a[href*=evil]").length,
  bold: [...document.querySelectorAll("b, strong")].filter(node => ["b", "g"].includes(node.textContent)).length,
  formulas: [...document.querySelectorAll(".katex")].filter(node => node.textContent.startsWith("x")).length,
})"""
UNHARMED = {"dialogs": 0, "images": 0, "links": 0, "bold": 0, "formulas": 0}


def opened(explorer, query, file):
    """A new tab at a query of the explorer, into which a file was put."""
    tab = explorer()
    tab.page.on("dialog", lambda dialog: (tab.complaints.append(dialog.message), dialog.dismiss()))
    tab.page.goto(f"{tab.url}/?{query}")
    expect(tab.page.get_by_role("heading", name="Your own data")).to_be_visible()
    tab.page.locator("input[type=file]").set_input_files(file)
    return tab.settled()


def names_drawn(tab):
    """What the axes of the planes are called, as it is drawn: across, up."""
    return [text.text_content() for text in tab.plot.locator(".annotation-text").all()]


def test_markup_in_names_and_labels_does_nothing_on_any_page(explorer):
    names = [column.name for column in read((TABLES / "markup.csv").read_bytes()).columns]
    tab = opened(explorer, "dataset=own&columns=1,2,3&plane=3-2&label=4&colour=truth", TABLES / "markup.csv")
    page = tab.page
    assert tab.page.evaluate(HARMED) == UNHARMED
    assert names[0] == "<img src=x onerror=alert(1)>"
    assert {names[1], names[2]} <= set(names_drawn(tab))
    page.get_by_text("Labels, scale, rows").click()
    read_off = page.get_by_test_id("stMain").inner_text().replace(NOTHING, "")
    assert f"{names[2]} across, {names[1]} up" in read_off  # sign by sign
    page.get_by_text("The components in numbers").click()
    tab.settled()
    assert page.evaluate(HARMED) == UNHARMED
    file = tab.address()["file"]
    for name, query in PAGES.items():
        tab.turn(f"dataset=own&file={file}&columns=1,2&k=2{query}", name)
        assert page.evaluate(HARMED) == UNHARMED, name
        assert names[0] in names_drawn(tab), name


def test_a_pair_is_chosen_in_the_matrix_and_principal_components_from_the_list(explorer):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3)) * [1, 2, 3]
    text = "a,b,c\n" + "\n".join(",".join(map(str, row)) for row in X.round(3))
    tab = opened(
        explorer,
        "dataset=own&columns=1,2,3&k=2",
        {"name": "three.csv", "mimeType": "text/csv", "buffer": text.encode()},
    )
    page = tab.page
    digest = read(text).digest
    settings = {"dataset": "own", "file": digest, "columns": "1,2,3", "rows": 60, "k": 2}
    tab.expect_address(**settings)
    assert {"a", "b"} <= set(names_drawn(tab))
    matrix = page.get_by_test_id("stSidebar").locator(".js-plotly-plot")
    box = matrix.bounding_box()
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.75 * box["height"])
    tab.expect_address(**settings, plane="2-3")
    tab.settled()
    assert {"b", "c"} <= set(names_drawn(tab))
    box = matrix.bounding_box()
    page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.75 * box["height"])
    tab.expect_address(**settings, plane="1-3")
    tab.choose("Shown", "Principal components")
    tab.expect_address(**settings, plane="pc")
    tab.settled()
    assert any(
        re.match(r"Principal component 1 \(\d+ % of the variance\)", name) for name in names_drawn(tab)
    )
    assert axe.found(page) == []
