"""The frame: whatever an address says of it becomes something valid, that leads nowhere but into the app."""

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.corrections import Correction, NoGroup, NoPage
from gmmviz.frame import GROUPS, MOST_STEPS, SHOWS, Frame, Step, parted, read_step, read_steps, words, written
from gmmviz.pages import PAGES
from gmmviz.settings import LONGEST
from gmmviz.words import corrected
from tests.strategies import HOSTILE, texts

NAMES = [page.name for page in PAGES]
QUERIES = st.dictionaries(
    st.sampled_from(["k", "dataset", "variances", "extra", "hide"]),
    texts().filter(lambda text: len(text) < 200),
    max_size=4,
)
TEXTS = texts() | st.lists(st.sampled_from(["?k=2", "density", "http://x", "data", "k,data"])).map(" ".join)
STEPS = st.builds(Step, st.sampled_from(PAGES), QUERIES)


def read(**query):
    return Frame.read(query, PAGES)


# --- Reading ----------------------------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from([*Frame.table()]), TEXTS))
def test_any_text_becomes_a_valid_frame_which_is_read_back_as_it_is(query):
    frame, corrections = Frame.read(query, PAGES)
    assert set(frame.hide) <= words(PAGES)
    assert Frame.read(frame.to_query(), PAGES) == (frame, [])
    for text in frame.next:
        step = read_step(text, PAGES)
        assert step.page in PAGES
        assert "next" not in step.query
    assert len(" ".join(frame.next)) <= LONGEST
    assert all(isinstance(corrected(one), str) for one in corrections)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", Frame.table())
def test_hostile_texts_do_no_harm_and_are_told(name, text):
    frame, corrections = read(**{name: text})
    if not any(character.isalnum() for character in text):
        return
    assert frame.to_query() or corrections
    for one in corrections:
        assert not {"<", ">", "`"} & set(corrected(one))


def test_what_hides_nothing_is_told_once_and_other_spellings_are_welcome():
    frame, corrections = read(hide="Data, k,nonsense,k,nonsense")
    assert frame.hide == ("data", "k")
    assert corrections == [Correction("hide", "nonsense", why=NoGroup())]
    assert corrected(corrections[0]) == 'There is nothing called "nonsense" to hide; it was ignored.'


def test_present_is_one_or_nothing():
    assert [read(present=text)[0].present for text in ("1", "0", "7", "yes", "")] == [1, 0, 1, 0, 0]
    assert [bool(read(present=text)[1]) for text in ("1", "0", "7", "yes")] == [False, False, True, True]


def test_an_address_is_parted_and_nothing_is_lost():
    query = {"k": "5", "present": "1", "hide": "data", "next": "?k=2", "nonsense": "1"}
    framed, settings = parted(query)
    assert framed == {name: query[name] for name in ("present", "hide", "next")}
    assert framed | settings == query


# --- Hiding -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_groups_hide_what_they_say_and_never_the_iteration(page):
    table = page.opening.table()

    def hidden(*hide):
        return Frame(hide=hide).hidden(table)

    for part, group in (("data", "data"), ("view", "view")):
        assert hidden(group) == {name for name, row in table.items() if row.part == part} - {SHOWS}
    for group in ("mixture", "start", "stop"):
        assert hidden(group) == GROUPS[group].settings & table.keys()
    for name in table.keys() - {SHOWS}:
        assert hidden(name) == {name}
    assert SHOWS not in hidden(*GROUPS, SHOWS)
    assert SHOWS not in words(PAGES)


def test_groups_that_name_settings_name_ones_that_are_there():
    named = set().union(*(page.opening.table() for page in PAGES))
    assert set().union(*(group.settings for group in GROUPS.values())) <= named


def test_no_word_for_a_group_is_a_setting_of_a_page_with_a_film():
    films = [page for page in PAGES if page.film]
    assert set(GROUPS).isdisjoint(set().union(*(page.opening.table() for page in films)))


# --- What comes next --------------------------------------------------------------------------------------------------


@given(STEPS)
def test_a_step_is_written_without_blanks_and_read_back_as_it_was(step):
    text = written(step)
    assert not set(text) & set(" &+\t\n")
    found = read_step(text, PAGES)
    assert (found.page, found.query) == (step.page, step.query)


@given(st.lists(STEPS.filter(lambda step: "next" not in step.query), max_size=6))
def test_a_list_of_steps_survives_an_address(steps):
    frame = Frame(next=tuple(map(written, steps)))
    address = urlencode(frame.to_query())
    query = {name: values[-1] for name, values in parse_qs(address).items()}
    found, corrections = Frame.read(query, PAGES)
    assert (found.next, corrections) == (frame.next, [])
    assert read_steps(found.next, PAGES) == (steps, [], False)


@pytest.mark.parametrize(
    ("text", "name", "query"),
    [
        ("?dataset=moons;k=16", "explorer", {"dataset": "moons", "k": "16"}),
        ("/?dataset=moons&k=16", "explorer", {"dataset": "moons", "k": "16"}),
        ("k=16", "explorer", {"k": "16"}),
        ("/", "explorer", {}),
        ("density", "density", {}),
        ("/density/?k=12;hide=", "density", {"k": "12", "hide": ""}),
        ("k-means?px=0.5", "k-means", {"px": "0.5"}),
    ],
)
def test_a_step_can_be_written_by_hand(text, name, query):
    step = read_step(text, PAGES)
    assert (step.page.name, step.query) == (name, query)


@pytest.mark.parametrize(
    "text",
    [
        "http://example.org/",
        "//example.org/?k=2",
        "//density?k=2",
        "http:/density",
        "/\\example.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "nowhere",
        "density/x",
        "../density",
        "app.py",
        "pages/density.py",
    ],
)
def test_no_step_leads_out_of_the_app(text):
    assert read_step(text, PAGES) is None
    frame, corrections = read(next=text)
    assert frame.next == ()
    assert corrections == [Correction("next", text, why=NoPage())]
    assert corrected(corrections[0]).endswith("leads to no page here; it was left out.")


def test_a_link_within_a_link_comes_right_after_it():
    inner = urlencode({"k": "2", "next": "/?" + urlencode({"k": "3"})})
    frame, corrections = read(next=f"/?{inner} density?k=4")
    assert (frame.next, corrections) == (("?k=2", "?k=3", "density?k=4"), [])


def test_a_list_without_end_ends():
    loop = "?k=1"
    for _ in range(40):
        loop = "?" + urlencode({"k": "1", "next": f"?k=2 {loop}"}) if len(loop) < 3000 else loop
    assert len(read(next=loop)[0].next) <= MOST_STEPS
    frame, (correction,) = read(next=" ".join(["?k=1"] * 500))
    assert len(frame.next) == MOST_STEPS
    assert corrected(correction).startswith(f"Next may be {MOST_STEPS} at most, so the rest was left out")
    assert read(next="?k=" + "," * 9999)[1]


def test_hidden_things_go_along_with_a_link_and_the_mode_does_not():
    frame = Frame(present=1, hide=("data",), next=("?k=2",))
    assert frame.link({"k": "5"}) == {"hide": "data", "next": "?k=2", "k": "5"}
    assert frame.link({"hide": "", "present": "1"}) == {"hide": "", "present": "1", "next": "?k=2"}
