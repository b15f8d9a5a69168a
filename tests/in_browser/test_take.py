"""What is taken along, in the browser: the file plays with the network off, and the pictures show the film."""

import re
from contextlib import contextmanager
from urllib.parse import urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from gmmviz.em import fit
from gmmviz.figures.notebook import animate
from gmmviz.starts import start
from tests import axe
from tests.film_page import STAGED

MARKER = (51, 65, 85)  # on the curve, in the light theme
LABEL = "Take it with you"
# Notes what is written on canvases from now on.
WRITES = """() => {
  const { fillText } = CanvasRenderingContext2D.prototype;
  window.written = [];
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    written.push(text);
    fillText.call(this, text, ...place);
  };
}"""
SAID = """({ film: { scene, telling } }) =>
  [scene.labels, scene.labels.map((_, stop) => telling.sentence(stop))]"""
SVG = "{http://www.w3.org/2000/svg}"


@contextmanager
def alone(browser, url, **options):
    """A tab of its own without a network, in which a file is open; it may ask for nothing and complain of nothing."""
    context = browser.new_context(offline=True, **options)
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "console", lambda message: message.type in ("error", "warning") and complaints.append(message.text)
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    yield page
    context.close()
    assert [each for each in asked if urlsplit(each).scheme not in ("data", "blob")] == [url]
    assert complaints == []


def staged(page):
    return page.locator(".film-plot").evaluate(STAGED)


def test_what_is_taken_along_shows_the_film(explorer, browser, tmp_path):
    """One tab: the explorer at iteration 2 with its expander open."""
    tab = explorer(color_scheme="light").open("n=80&max_iter=4&tol=0&frames=whole&it=2")
    tab.page.get_by_text(LABEL, exact=True).click()

    def press(button):
        """Press a button, and return the file that comes of it."""
        with tab.page.expect_download() as download:
            tab.page.get_by_role("button", name=button, exact=True).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    expect(tab.page.get_by_role("button", name="This frame as PNG")).to_be_enabled()
    assert axe.found(tab.page) == []
    the_file_plays_with_the_network_off(tab, press, browser)
    pictures_are_of_the_frame(tab, press)
    encoding_can_be_stopped(tab)
    the_film_is_an_animated_webp(tab, press)


def the_file_plays_with_the_network_off(tab, press, browser):
    path = press("Download the film")
    shown = staged(tab.page)
    with alone(browser, path.as_uri(), color_scheme="dark") as page:
        film = page.locator(".film")
        expect(film).to_have_attribute("data-frame", "2")
        here = staged(page)
        for what in ("colours", "ellipses", "means"):
            assert len(here[what]) == len(shown[what])
        assert here["colours"] == shown["colours"]
        expect(page.locator("body")).to_have_css("color", "rgb(230, 234, 239)")
        assert axe.found(page) == []
        page.set_viewport_size({"width": 390, "height": 844})
        expect(film).to_have_class(re.compile("film-narrow"))
        assert axe.found(page) == []
        last = "[...document.styleSheets].at(-1).ownerNode.id"  # after plotly.js's own, as on a page
        assert page.evaluate(last) == "film-style"
        page.get_by_role("button", name="Play", exact=True).click()
        expect(film).to_have_attribute("data-frame", "4")
        expect(film).to_have_attribute("data-playing", "false")
        page.keyboard.press("Home")
        expect(film).to_have_attribute("data-frame", "0")
        page.keyboard.press("f")
        expect(page.locator("html")).to_have_class(re.compile("presenting"))
        page.keyboard.press("Escape")
        expect(page.locator("html")).not_to_have_class(re.compile("presenting"))
        expect(page.get_by_role("row", name="Points 80")).to_be_visible()
        link = page.get_by_role("link", name=re.compile("^http"))
        assert link.get_attribute("href") == tab.page.url
        assert urlsplit(page.url).query == ""
        with page.expect_download() as download:  # its own buttons, too
            page.get_by_role("button", name="This frame as PNG").click()
        assert download.value.suggested_filename == "gmmviz.png"


def pictures_are_of_the_frame(tab, press):
    with Image.open(press("This frame as PNG")) as png:
        size = tab.plot.locator(".main-svg").first.bounding_box()
        assert png.format == "PNG"
        assert png.size == (2 * round(size["width"]), 2 * round(size["height"]))
    root = ElementTree.parse(press("This frame as SVG")).getroot()
    assert root.tag == f"{SVG}svg"
    assert float(root.get("width")) == round(size["width"])
    points = [node for node in root.iter(f"{SVG}path") if "point" in node.get("class", "")]
    assert len(points) >= 80
    numbers = [node.text for node in root.iter(f"{SVG}text")]
    assert {"1", "2", "3"} <= set(numbers)


def the_film_is_an_animated_webp(tab, press):
    """Light, with its moments, and without a trace on the page."""
    tab.page.emulate_media(color_scheme="dark")
    expect(tab.app).to_have_css("color-scheme", "dark")
    before = staged(tab.page)
    tab.page.evaluate(WRITES)
    path = press("The film as animated WebP")
    written = list(dict.fromkeys(tab.page.evaluate("window.written")))
    labels, sentences = tab.plot.evaluate(SAID)
    assert [text for text in written if text in labels] == labels  # each stop has its own, in order
    assert all(any(sentence.startswith(text) for text in written) for sentence in sentences)
    expect(tab.page.get_by_text(re.compile(r"^Done: [\d.]+ MB\.$"))).to_be_visible()
    assert staged(tab.page) == before
    expect(tab.page.locator(".film")).to_have_count(1)  # the studio is gone
    with Image.open(path) as film:
        assert (film.format, film.width) == ("WEBP", 1080)
        assert 10 < film.n_frames <= 100
        times, greys = [], []
        for n in range(film.n_frames):
            film.seek(n)
            film.load()
            times.append(film.info["duration"])
            if n in (0, film.n_frames - 1):
                picture = np.array(film.convert("RGB")).astype(int)
                greys.append((np.ptp(picture, axis=2) > 60).mean())
                assert (picture[0, 0] > 240).all()  # light, whatever the page's theme
                marker = np.abs(picture[:, 800:] - MARKER).max(axis=2) < 10
                assert marker.sum() > 30
        assert 3000 < sum(times) <= 10_000
    assert min(greys) > 0.005  # discs, ellipses and points have their colours
    start_, end = greys
    assert start_ != end


def encoding_can_be_stopped(tab):
    buttons = tab.page.locator(".film-taking")
    buttons.get_by_role("button", name="The film as animated WebP").click()
    expect(buttons.get_by_role("progressbar")).to_be_visible()
    buttons.get_by_role("button", name="Stop").click()
    expect(buttons.get_by_text("Stopped.")).to_be_visible()
    expect(buttons.get_by_role("button", name="Stop")).to_be_hidden()
    expect(tab.page.locator(".film")).to_have_count(1)


X = np.random.default_rng(0).normal(size=(60, 2))


@pytest.mark.parametrize("scripts", [True, False])
def test_a_notebook_plays_the_film_or_shows_its_end(browser, tmp_path, scripts):
    run = fit(X, start(X, 2, "random-points", rng=0), reg_covar=1e-3, max_iter=3, tol=0)
    path = tmp_path / "notebook.html"
    path.write_text(
        f"<!doctype html><title>Notebook</title>{animate(run, X)._repr_html_()}", encoding="utf-8"
    )
    with alone(browser, path.as_uri(), java_script_enabled=scripts) as page:
        frame, picture = page.frame_locator("iframe"), page.get_by_role("img", name="The end of the run")
        expect(picture).to_be_visible()
        assert (
            picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 720
            if scripts
            else True
        )
        expect(frame.locator("main")).to_be_visible(visible=scripts)
        if scripts:
            expect(frame.locator(".film")).to_have_attribute("data-frame", "0")
            frame.get_by_role("button", name="Last frame").click()
            expect(frame.locator(".film")).to_have_attribute("data-frame", "3M")
