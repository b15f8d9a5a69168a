"""What a reader takes away, in a browser: a file with the page's numbers, and a link that a camera can read."""

import csv
import io

import numpy as np
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from gmmviz.pages.explorer.settings import Explorer
from tests import axe

QUERY = "dataset=faithful&k=2&it=3"


def test_a_file_comes_at_a_press_and_a_camera_reads_the_link_that_opens_the_same_page(explorer):
    tab = explorer(width=390, height=844, color_scheme="dark").open(QUERY)
    tab.page.get_by_text("Take it with you").click()

    with tab.page.expect_download() as coming:
        tab.page.get_by_role("button", name="Parameters").click()
    assert coming.value.suggested_filename == "faithful-parameters.csv"
    rows = list(csv.DictReader(io.StringIO(coming.value.path().read_text("utf-8"))))
    experiment = Explorer(dataset="faithful", k=2)
    states = experiment.run(experiment.data().X).states
    assert float(rows[-1]["weight"]) == states[-1].mixture.weights[1]
    assert len(rows) == 2 * len(states)

    tab.page.get_by_role("tab", name="With scikit-learn").click()
    expect(tab.page.get_by_text("means_init=")).to_be_visible()
    assert axe.found(tab.page) == []

    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    link = tab.page.locator(".st-key-link")
    link.get_by_role("button", name="Copy to clipboard").click()
    expect(link.get_by_role("button", name="Copied")).to_be_visible()
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    link.locator("code").click()
    assert tab.page.evaluate("getSelection().toString().trim()") == copied

    tab.page.set_viewport_size({"width": 1280, "height": 720})
    tab.page.get_by_role("button", name="QR code for the room").click()
    code = tab.page.get_by_role("img", name="QR code of this page's link")
    expect(code).to_be_in_viewport(ratio=1)
    assert code.bounding_box()["height"] > 0.6 * 720
    picture = Image.open(io.BytesIO(code.screenshot())).convert("L")
    (read,) = zxingcpp.read_barcodes(picture, try_invert=False)  # not every phone reads light on dark
    edge = round(0.08 * picture.width)  # four squares of the code must be empty around it
    assert np.asarray(picture)[4:-4, 4:edge].min() == 255  # its own edges may share pixels with the page
    assert read.text == copied == link.locator("code").text_content()
    assert read.text.startswith(f"{tab.url}/?")
    expect(tab.page.get_by_role("dialog").get_by_text(read.text)).to_be_visible()

    assert axe.found(tab.page) == []

    other = explorer()
    other.page.goto(read.text)
    expect(other.settled().film.locator("output")).to_contain_text("iteration 3 of 10")
    assert other.address() == tab.address() == {"dataset": "faithful", "k": "2", "it": "3"}
