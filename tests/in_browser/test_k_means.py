"""The page on k-means and mixtures in a browser: both sides move, spots tell what they know, the bridge is crossed."""

import re

import pytest
from playwright.sync_api import expect

from gmmviz.em import e_step
from gmmviz.numerals import numeral
from gmmviz.pages.k_means.numbers import paired_runs, predict
from gmmviz.pages.k_means.settings import KMeans

PICTURE = "plot => plot.querySelector('.stage-soft').toDataURL()"
REGIONS = "plot => [...plot.querySelectorAll('.stage-region')].map(path => path.getAttribute('d')).join()"
STACKED = """() => {
  const [one, other] = ["xy", "x2y2"].map(name => document.querySelector(`.draglayer .${name} .nsewdrag`));
  return one.getBoundingClientRect().bottom < other.getBoundingClientRect().top;
}"""


def computed():
    settings = KMeans(n=200)  # the number of points is carried over
    return paired_runs(settings, settings.data().X)


def right_plane(tab):
    return tab.plot.locator(".draglayer .x2y2 .nsewdrag").bounding_box()


def test_both_sides_play_in_step_to_the_end(shared):
    tab = shared("n=200", page="k-means")
    runs = computed()
    picture, regions, drawn = tab.plot.evaluate(PICTURE), tab.plot.evaluate(REGIONS), tab.drawn()
    tab.film.get_by_label("Speed").select_option("Fastest")
    tab.button("Play").click()
    tab.expect_frame(f"{runs.last}M")
    tab.expect_playing(False)
    assert tab.plot.evaluate(PICTURE) != picture
    assert tab.plot.evaluate(REGIONS) != regions
    assert tab.drawn() != drawn
    ends = (run.states[-1].iteration for run in (runs.kmeans, runs.em))
    expect(tab.film.locator("output")).to_have_text(
        "Centres and means move: k-means ended at {}, EM ended at {}".format(*ends)
    )
    tab.press("Home")
    tab.expect_frame(0)
    assert tab.plot.evaluate(PICTURE) == picture
    assert tab.plot.evaluate(REGIONS) == regions


def test_a_spot_tells_density_and_responsibilities_and_a_click_predicts_it(shared):
    tab = shared("n=200", page="k-means")
    runs = computed()
    tab.press("End")
    tab.expect_frame(f"{runs.last}M")
    tab.settled()
    box = right_plane(tab)
    x, y = box["x"] + 0.9 * box["width"], box["y"] + 0.2 * box["height"]
    tab.page.mouse.move(x, y)
    hover = tab.plot.locator(".hoverlayer .hovertext")
    expect(hover).to_contain_text("density")
    expect(hover).to_contain_text(re.compile(r"\d+% component \d, \d+% component \d"))
    tab.page.mouse.click(x, y)
    tab.page.wait_for_url(re.compile("px=.*py="))
    tab.settled()
    point = [float(tab.address()[name]) for name in ("px", "py")]
    said = predict(point, runs.em.states[-1].mixture, runs.kmeans.states[-1].centres)
    assert said.responsibilities.argmax() == e_step([point], runs.em.states[-1].mixture)[0].argmax()
    expect(tab.page.get_by_text(f"Density {numeral(said.density, '.3g')}")).to_be_visible()
    expect(tab.page.get_by_text(f"Cluster {said.cluster + 1}.")).to_be_visible()
    tab.expect_frame(f"{runs.last}M")  # the film stays where it was


def test_the_bridges_slider_is_crossed_by_keys(shared):
    tab = shared("n=200", page="k-means")
    slider = tab.page.get_by_role("slider", name="Variance v")
    slider.focus()
    slider.press("End")
    expect(tab.page.get_by_text("At v = 10⁻¹², 200 of the 200 points")).to_be_visible()
    tab.expect_address(n=200, v="1e-12")


def test_revealing_the_truth_shows_who_is_right(shared):
    tab = shared("n=200", page="k-means")
    tab.page.get_by_text("The truth", exact=True).click()
    expect(tab.page.get_by_text(re.compile(r"inertia.* ARI \d", re.DOTALL))).to_be_visible()
    expect(tab.page.get_by_text(re.compile(r"log-likelihood.* ARI \d", re.DOTALL))).to_be_visible()


def test_on_a_phone_the_two_planes_stack(shared):
    tab = shared("n=200", page="k-means")
    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.page.wait_for_function(STACKED)
    left, right = (
        tab.plot.locator(f".draglayer .{name} .nsewdrag").bounding_box() for name in ("xy", "x2y2")
    )
    assert left["x"] == pytest.approx(right["x"], abs=1)
    assert left["y"] + left["height"] < right["y"]
    assert right["width"] > 250
