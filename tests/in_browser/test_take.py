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

LABEL = "Take it with you"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def taken(explorer, tmp_path):
    """The explorer at iteration 2 with its expander open, and a function that presses a button and keeps its file."""
    tab = explorer().open("n=80&max_iter=4&tol=0&frames=whole&it=2")
    tab.page.get_by_text(LABEL, exact=True).click()

    def press(button):
        with tab.page.expect_download() as download:
            tab.page.get_by_role("button", name=button, exact=True).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    return tab, press


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


def test_the_film_s_file_plays_with_the_network_off(taken, browser):
    tab, press = taken
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


def test_pictures_show_what_the_film_shows(taken, browser):
    tab, press = taken
    with Image.open(press("This frame as PNG")) as png:
        size = tab.plot.locator(".main-svg").first.bounding_box()
        assert png.format == "PNG"
        assert png.size == (2 * round(size["width"]), 2 * round(size["height"]))
    root = ElementTree.parse(press("This frame as SVG")).getroot()
    assert root.tag == f"{SVG}svg"
    points = [node for node in root.iter(f"{SVG}path") if "point" in node.get("class", "")]
    assert len(points) >= 80
    numbers = [node.text for node in root.iter(f"{SVG}text")]
    assert {"1", "2", "3"} <= set(numbers)


def test_the_film_as_animated_webp(taken):
    """As many moments as it has, and the picture of each: points in the colours of the iteration that is shown."""
    tab, press = taken
    before = staged(tab.page)
    path = press("The film as animated WebP")
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
        assert 3000 < sum(times) <= 10_000
    assert min(greys) > 0.005  # discs, ellipses and points have their colours
    start_, end = greys
    assert start_ != end


def test_encoding_can_be_stopped(taken):
    tab, _ = taken
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
