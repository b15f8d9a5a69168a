"""The main part of a page, which is drawn alone where the sidebar stays as it is; and hands in it that change that."""

from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.film_page import settings_in

SIDEBAR = 1  # where a path to what Streamlit draws begins


def drawn_in(tab, change):
    """What parts of the page are drawn anew by a change: where the paths to it begin."""
    messages = []

    def hear(data):
        messages.append(ForwardMsg.FromString(data))

    tab.socket.on("framereceived", hear)
    change()
    tab.socket.remove_listener("framereceived", hear)
    return {message.metadata.delta_path[0] for message in messages if message.WhichOneof("type") == "delta"}


def test_a_seed_draws_the_main_part_alone_and_a_start_the_sidebar_as_well(shared):
    tab = shared("n=100")

    def another_seed():
        tab.set("Start seed", 3)
        tab.expect_run("init_seed=3")
        tab.settled()

    def another_start():
        tab.choose("Start", "Hierarchical")
        tab.expect_run("init='hierarchical'")
        tab.settled()

    assert SIDEBAR not in drawn_in(tab, another_seed)
    tab.expect_address(n=100, init_seed=3)
    assert SIDEBAR in drawn_in(tab, another_start)
    tab.expect_address(n=100, init="hierarchical", init_seed=3)


def test_what_is_done_in_the_plane_is_heard_in_the_sidebar(explorer):
    tab = explorer().open("n=100&k=1")
    start = tab.page.get_by_test_id("stSidebar").get_by_role("combobox", name="Start")
    box = tab.plane.bounding_box()
    tab.button("Place means").click()
    tab.page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    tab.expect_run("placed=((")
    expect(start).to_be_disabled()
    tab.settled().page.get_by_role("button", name="Remove placed means").last.click()
    expect(start).to_be_enabled()
    tab.expect_address(n=100, k=1)

    tab.choose("Dataset", "Drawn by hand")
    pad = tab.plot.locator(".stage-pad").bounding_box()
    tab.page.mouse.click(pad["x"] + 0.5 * pad["width"], pad["y"] + 0.5 * pad["height"])
    tab.page.wait_for_url(lambda url: "dots" in settings_in(url), wait_until="commit")
    expect(tab.page.get_by_role("spinbutton", name="Points", exact=True)).to_have_value("1")
