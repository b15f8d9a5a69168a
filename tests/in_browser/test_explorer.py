"""The explorer in a browser: its film, its keys, its address."""

import re

from playwright.sync_api import expect

from gmmviz.numerals import numeral
from gmmviz.pages.explorer.settings import Explorer

LONG = "tol=0&max_iter=40&frames=whole"  # a film of 41 frames
POINTS, ELLIPSE, MARKER = 0, 1, -1  # in what FilmPage.drawn returns


def result_of(**settings):
    """Compute what the page should show: the data and the run."""
    experiment = Explorer(**settings)
    dataset = experiment.data()
    return dataset, experiment.run(dataset.X)


# --- An address opens its experiment ------------------------------------------------------------------------


def test_deep_link_shows_its_experiment_and_a_reload_the_same_picture(explorer, shared):
    tab = explorer().open("frames=whole&dataset=moons&n=200&k=4&covariance=diag&init=k-means&it=3")
    dataset, run = result_of(dataset="moons", n=200, k=4, covariance="diag", init="k-means")
    tab.expect_frame(3)
    expect(tab.film.locator("output")).to_have_text(f"Iteration 3 of {len(run.states) - 1}")
    expect(tab.page.get_by_role("combobox", name="Dataset")).to_have_value(re.compile("moons", re.IGNORECASE))
    expect(tab.slider("Components K")).to_have_value("4")
    expect(
        tab.page.get_by_text(f"Log-likelihood {numeral(run.states[-1].log_likelihood, '.3f')}")
    ).to_be_visible()
    drawn = tab.drawn()
    assert len(drawn[POINTS]) == len(dataset.X)
    assert len(drawn) == 1 + 4 + 2 + 2
    settings = {
        "dataset": "moons",
        "n": 200,
        "k": 4,
        "covariance": "diag",
        "init": "k-means",
        "frames": "whole",
    }
    tab.expect_address(**settings, it=3)

    tab.press("ArrowRight", "ArrowRight")
    tab.expect_frame(5)
    tab.expect_address(**settings, it=5)
    before = tab.settled().drawn()
    assert before != drawn
    tab.page.reload()
    tab.settled().expect_frame(5)
    assert tab.drawn() == before
    query = "&".join(f"{name}={value}" for name, value in settings.items())
    assert shared(f"{query}&it=5").drawn() == before


def test_back_goes_back(shared):
    tab = shared("frames=whole&n=200")
    before = tab.drawn()
    tab.set("Start seed", 7)
    tab.expect_run("init_seed=7")
    tab.expect_address(n=200, init_seed=7, frames="whole")
    assert tab.drawn() != before
    tab.page.go_back()
    tab.expect_run("init_seed=0")
    tab.settled()
    assert tab.drawn() == before
    tab.expect_address(n=200, frames="whole")


def test_hostile_address_is_corrected_and_said_so(shared):
    tab = shared("k=999&n=-3&covariance=<script>alert(1)</script>&it=-3&wanted=x&init=k-meens")
    tab.expect_run("k=20")
    tab.expect_address(k=20, n=20, init="k-means")
    notice = tab.page.get_by_test_id("stAlert").filter(has_text="The address was corrected.")
    for part in ('k was "999"; now 20.', "n was", "covariance was", "it was", 'no setting "wanted"'):
        expect(notice).to_contain_text(part)


def test_two_sessions_do_not_see_each_other(explorer, shared):
    one, other = shared("frames=whole&n=200&k=5"), explorer().open("frames=whole&n=200")
    other.set("Start seed", 3)
    other.expect_run("init_seed=3")
    one.slider("Components K").press("ArrowRight")
    one.expect_run("k=6")
    one.settled()
    other.press("End")
    other.settled()
    expect(one.page.get_by_role("spinbutton", name="Start seed")).to_have_value("0")
    expect(other.slider("Components K")).to_have_value("3")
    other.expect_run("k=3")
    one.expect_frame(0)


# --- Playing ------------------------------------------------------------------------------------------------


def test_play_moves_frame_marker_and_colours_and_asks_nothing(shared):
    tab = shared(f"n=200&{LONG}")
    start, asked = tab.drawn(), len(tab.sent)
    tab.button("Play").click()
    tab.expect_playing()
    expect(tab.button("Pause")).to_be_visible()
    tab.expect_past(0)
    early = tab.drawn()
    tab.expect_past(12)
    late = tab.drawn()
    assert len(tab.sent) == asked, "something was sent to the server while the film played"
    for one, next in ((start, early), (early, late)):
        for part in (POINTS, ELLIPSE, MARKER):
            assert one[part] != next[part]
    with tab.resting():
        tab.button("Pause").click()
    tab.expect_playing(False)
    assert len(tab.sent) > asked
    tab.expect_frame(tab.address()["it"])


def test_play_runs_to_the_end_and_starts_again(shared):
    tab = shared("frames=whole&n=100&tol=0&max_iter=12")
    tab.film.get_by_label("Speed").select_option("Fastest")
    for _ in range(2):
        tab.button("Play").click()
        tab.expect_playing()
        tab.expect_playing(False)
        tab.expect_frame(12)
        tab.expect_address(n=100, tol=0, max_iter=12, it=12, frames="whole")
    tab.film.get_by_label("Speed").select_option("Slow")
    tab.button("Play").click()
    tab.expect_frame(0)
    tab.expect_playing()
    tab.expect_past(0)


def test_where_it_rests_table_and_address_follow_without_drawing_again(shared):
    tab = shared(f"n=1500&{LONG}")
    tab.page.get_by_text("The components in numbers").click()
    expect(tab.page.get_by_text("At iteration 0.")).to_be_visible()
    tab.settled()
    got = len(tab.received)
    with tab.spied() as drawings:
        tab.press("ArrowRight", "ArrowRight")
        expect(tab.page.get_by_text("At iteration 2.")).to_be_visible()
        tab.expect_address(n=1500, tol=0, max_iter=40, it=2, frames="whole")
        tab.settled()
    assert drawings == []
    assert max(tab.received[got:]) < 20_000 < max(tab.received[:got]), "the figure was sent again"
    tab.expect_frame(2)


def test_a_new_start_plays_by_itself(shared):
    tab = shared("n=60&it=3")
    tab.page.get_by_test_id("stSidebar").get_by_role("button", name="New start").click()
    tab.expect_run("init_seed=1")
    expect(tab.film).to_have_attribute("data-playing", "true")
    last = len(Explorer(n=60, init_seed=1).run(Explorer(n=60).data().X).states) - 1
    tab.expect_address(n=60, init_seed=1, it=last)  # at rest


def test_keys_step_both_ways(shared):
    tab = shared(f"n=100&{LONG}", height=500)
    for key, frame in [
        ("ArrowRight", 1), ("PageDown", 2), ("PageDown", 3), ("ArrowLeft", 2), ("PageUp", 1),
        ("End", 40), ("ArrowRight", 40), ("ArrowLeft", 39), ("Home", 0), ("PageUp", 0),
    ]:  # fmt: skip
        tab.press(key)
        tab.expect_frame(frame)
        assert tab.plot.evaluate("plot => plot.film.goal") == frame, "it only glides past"
    assert tab.page.get_by_test_id("stMain").evaluate("node => node.scrollTop") == 0, (
        "a key scrolled the page"
    )
    tab.press("Space")
    tab.expect_playing()
    tab.expect_past(0)
    tab.press("Space")
    tab.expect_playing(False)


def test_keys_belong_to_a_field_or_slider_that_has_the_focus(shared):
    tab = shared(f"n=100&{LONG}")
    field = tab.page.get_by_role("spinbutton", name="Data seed")
    field.focus()
    tab.press("ArrowRight", "Home", "End", "PageUp", "Space")
    tab.page.get_by_role("combobox", name="Start").focus()
    tab.press("Home", "End", "ArrowRight")
    tab.slider("Components K").focus()
    tab.press("ArrowRight")
    tab.expect_run("k=4")
    tab.settled()
    tab.expect_frame(0)
    tab.expect_playing(False)


def test_the_mouse_gives_the_keys_back(shared):
    """After a click on a button, a scrub or a choice of speed, space plays and the arrows step."""
    tab = shared(f"n=100&{LONG}")
    tab.button("Step forward").click()
    tab.expect_frame(1)
    tab.press("ArrowRight")
    tab.expect_frame(2)
    box = tab.slider("Frame").bounding_box()
    tab.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.expect_frame(20)
    tab.press("PageDown")
    tab.expect_frame(21)
    tab.press("Space")
    tab.expect_playing()


def test_a_mouse_click_anywhere_on_the_page_gives_the_keys_back(explorer):
    """A button, an option, a link, a choice: then space plays, and does not press what was clicked once more."""
    tab = explorer(height=1200).open(f"n=100&{LONG}")  # no scrolling, at which a list of options closes
    tab.page.get_by_role("button", name="New sample").click()
    tab.expect_run("data_seed=58")
    play_and_step(tab)
    tab.expect_run("data_seed=58")
    tab.choose("Dataset", "Moons")
    tab.expect_run("dataset='moons'")
    play_and_step(tab)
    tab.page.get_by_test_id("stSidebar").get_by_text("Floor and stop rule").click()
    play_and_step(tab)
    expect(tab.page.get_by_role("spinbutton", name="Iterations at most")).to_be_visible()
    tab.page.get_by_role("button", name="View").click()
    colours = tab.point_colours()
    tab.choose("Colour points by", "Most probable component")
    tab.expect_other_colours(colours)
    play_and_step(tab)
    tab.go("k-means")
    colours = tab.settled().point_colours()
    tab.page.get_by_text("The truth", exact=True).click()
    tab.expect_other_colours(colours)
    play_and_step(tab)
    expect(tab.page.get_by_role("radio", name="The truth")).to_be_checked()
    tab.go("collapse")
    play_and_step(tab)
    tab.page.get_by_role("button", name="Another start").click()
    tab.expect_run("begin='group'")
    play_and_step(tab)


def play_and_step(tab):
    """Play with the space bar, go to the start, which pauses, and step with the arrow."""
    tab.settled().press("Space")
    tab.expect_playing()
    for key, frame in (("Home", "^0$"), ("ArrowRight", "^(1|0E)$")):
        with tab.resting():
            tab.press(key)
        expect(tab.film).to_have_attribute("data-frame", re.compile(frame))
        tab.expect_playing(False)


def test_how_the_film_is_looked_at(explorer):
    """One tab, in which the list of ways to look is opened."""
    tab = explorer().open(f"n=100&{LONG}")
    the_keyboard_keeps_its_place_and_a_clicked_field_its_keys(tab)
    tab.turn("frames=whole&n=200&it=3")
    another_way_to_look_keeps_the_iteration(tab)


def the_keyboard_keeps_its_place_and_a_clicked_field_its_keys(tab):
    tab.page.get_by_role("button", name="View").click()
    tab.press("Escape")
    button = tab.page.get_by_role("button", name="New start")
    button.press("Space")
    tab.expect_run("init_seed=1")
    tab.settled()
    expect(button).to_be_focused()
    button.press("Enter")
    tab.expect_run("init_seed=2")
    tab.settled()
    expect(button).to_be_focused()
    for field in (tab.page.get_by_role("spinbutton", name="Data seed"), tab.slider("Components K")):
        field.click(force=True)
        tab.settled()
        expect(field).to_be_focused()
    tab.expect_frame(0)
    tab.expect_playing(False)


def test_a_link_to_the_same_page_shows_what_it_changed(shared):
    tab = shared(page="collapse", height=600)
    before = tab.film.get_attribute("data-run")
    link = tab.page.get_by_role("link", name="Five points in one place")
    link.scroll_into_view_if_needed()
    expect(tab.plot).not_to_be_in_viewport()
    link.click()
    expect(tab.film).not_to_have_attribute("data-run", before)
    expect(tab.plot).to_be_in_viewport(ratio=0.8)  # the screen is a low one
    expect(tab.page.get_by_role("heading", name="Collapse")).to_be_in_viewport()
    tab.expect_address(case="repeated")
    tab.press("ArrowRight")
    tab.expect_frame("0E")


def test_a_change_of_setting_does_not_scroll(shared):
    tab = shared("frames=whole&n=100", height=500)
    main = tab.page.get_by_test_id("stMain")
    main.evaluate("node => node.scrollTo(0, 150)")
    tab.set("Start seed", 7)
    tab.expect_run("init_seed=7")
    tab.settled()
    assert main.evaluate("node => node.scrollTop") == 150


def test_buttons_and_scrubber(shared):
    tab = shared(f"n=100&{LONG}")
    expect(tab.button("First frame")).to_be_disabled()
    expect(tab.button("Step back")).to_be_disabled()
    for name, frame in [("Last frame", 40), ("Step back", 39), ("First frame", 0), ("Step forward", 1)]:
        tab.button(name).click()
        tab.expect_frame(frame)
    scrubber = tab.slider("Frame")
    expect(scrubber).to_have_attribute("aria-valuetext", "Iteration 1 of 40")
    scrubber.fill("30")
    tab.expect_frame(30)
    tab.expect_address(n=100, tol=0, max_iter=40, it=30, frames="whole")
    box = scrubber.bounding_box()
    tab.page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2, steps=60)  # faster than it can draw
    tab.page.mouse.up()
    tab.expect_frame(0)
    expect(scrubber).to_have_value("0")
    marker = tab.drawn()[MARKER]
    tab.settled()
    assert tab.drawn()[MARKER] == marker


# --- A change of setting ------------------------------------------------------------------------------------


def test_changing_k_refits_in_place(shared):
    tab = shared("frames=whole&n=300")
    with tab.resting():
        tab.press("End")
    tab.zoom_into()
    tab.plot.evaluate("plot => (plot.sameNode = plot.querySelector('svg').sameNode = true)")
    zoomed, before = tab.ticks("x"), tab.drawn()
    with tab.spied() as drawings:
        tab.slider("Components K").press("ArrowRight")
        tab.expect_run("k=4")
        tab.settled()
    assert drawings == ["react"]
    assert tab.plot.evaluate("plot => plot.sameNode && plot.querySelector('svg').sameNode")
    assert tab.ticks("x") == zoomed
    after = tab.drawn()
    assert len(after) == len(before) + 1
    assert after[ELLIPSE] != before[ELLIPSE]
    assert place(after[POINTS]) == place(before[POINTS])


def test_changing_a_setting_while_it_plays_starts_the_new_run(shared):
    tab = shared(f"n=100&{LONG}")
    tab.page.get_by_test_id("stSidebar").get_by_text("Floor and stop rule").click()
    tab.button("Play").click()
    tab.expect_past(1)
    tab.page.set_viewport_size({"width": 1100, "height": 700})
    tab.set("Iterations at most", 5)
    tab.expect_run("max_iter=5")
    tab.expect_playing(False)
    tab.settled()
    assert int(tab.film.get_attribute("data-frame")) <= 5
    tab.button("Last frame").click()
    tab.expect_frame(5)
    expect(tab.slider("Frame")).to_have_attribute("max", "5")


def test_film_stays_at_the_end_and_else_goes_back_to_the_start(shared):
    tab = shared("frames=whole&n=100&tol=0&max_iter=15")
    tab.page.get_by_test_id("stSidebar").get_by_text("Floor and stop rule").click()
    tab.press("End")
    tab.expect_address(n=100, tol=0, max_iter=15, it=15, frames="whole")
    tab.settled().set("Iterations at most", 25)
    tab.expect_run("max_iter=25")
    tab.expect_frame(25)
    tab.page.mouse.click(600, 90)
    with tab.resting():  # the server has heard of it
        tab.press("ArrowLeft")
    tab.expect_address(n=100, tol=0, max_iter=25, it=24, frames="whole")
    tab.settled().slider("Components K").press("ArrowRight")
    tab.expect_run("k=4")
    tab.expect_frame(0)


def another_way_to_look_keeps_the_iteration(tab):
    """The four colourings, and E- and M-steps as frames: the same points, the same frame, other colours."""
    tab.page.get_by_role("button", name="View").click()
    before = tab.drawn()
    for option in ("Most probable component", "One component's membership", "True label"):
        colours = tab.point_colours()
        tab.choose("Colour points by", option)
        tab.expect_other_colours(colours)
        tab.settled().expect_frame(3)
        now = tab.drawn()
        if "membership" in option:  # its colour bar makes the plane narrower
            expect(tab.plot.locator(".cbtitle")).to_have_text("Responsibility of component 1")
            tab.choose("Show", "E- and M-steps")
            tab.expect_frame("3E")
            tab.choose("Show", "Whole iterations")
            tab.expect_frame(3)
        else:
            assert place(now[POINTS]) == place(before[POINTS])
            assert now[ELLIPSE] == before[ELLIPSE]
    expect(tab.page.get_by_text(re.compile(r"^ARI \d"))).to_be_visible()


def test_e_steps_recolour_and_m_steps_move(shared):
    tab = shared("n=200")
    expect(tab.film.locator("output")).to_have_text("The start: nothing assigned yet")
    assert len(set(tab.point_colours())) == 1
    before = tab.drawn()
    for frame, changes, stays in [("0E", POINTS, ELLIPSE), ("1M", ELLIPSE, POINTS), ("1E", POINTS, ELLIPSE)]:
        tab.press("ArrowRight")
        tab.expect_frame(frame)
        now = tab.drawn()
        assert now[changes] != before[changes]
        assert now[stays] == before[stays]
        before = now


def place(points):
    """Drop the colours of drawn points: what is left are their places."""
    return [point.partition("rgb")[0] for point in points]


# --- The address follows the film -------------------------------------------------------------------------------------


def test_a_reload_in_the_middle_of_playing_stays_there_and_the_sentence_with_it(shared):
    tab = shared(LONG)
    tab.film.get_by_role("combobox").select_option("Slow")
    sent = len(tab.sent)
    tab.press(" ")
    tab.page.wait_for_url(lambda url: "it=2" in url.split("&"), wait_until="commit")
    assert len(tab.sent) == sent  # the server has heard nothing
    tab.page.reload()
    tab.settled().expect_frame(tab.address()["it"])
    t = int(tab.address()["it"])
    expect(tab.film.locator(".film-said")).to_have_text(re.compile(f"^Iteration {t}: "))
    _, run = result_of(tol=0, max_iter=40)
    now = numeral(run.states[t].log_likelihood, ".1f")
    expect(tab.film.locator(".film-numbers")).to_contain_text(f"Log-likelihood now {now}")
    tab.press("End")
    tab.expect_address(tol=0, max_iter=40, frames="whole", it=40)
    tab.settled().press(" ")
    tab.page.wait_for_url(lambda url: "it=40" not in url, wait_until="commit")


def test_what_else_the_page_does_while_the_film_plays_stops_it_not(shared):
    tab = shared("tol=0&max_iter=400")
    tab.press(" ")
    tab.page.wait_for_url(lambda url: "it=" in url, wait_until="commit")
    with tab.socket.expect_event("framereceived"):
        tab.page.get_by_text("The components in numbers").click()
    expect(tab.page.get_by_test_id("stDataFrame")).to_be_visible()
    tab.expect_playing()
    with tab.resting():
        tab.press(" ")
    tab.expect_address(tol=0, max_iter=400, it=tab.plot.evaluate("plot => plot.film.iteration"))
