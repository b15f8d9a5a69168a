"""For teachers: what the page says, and where."""

import streamlit as st

from gmmviz.frame import Step, written
from gmmviz.links import home_of
from gmmviz.pages import PAGES, script
from gmmviz.pages.teachers.numbers import (
    hidden_in_words,
    iframe,
    in_words,
    link,
    sequel,
)
from gmmviz.pages.teachers.settings import TITLES, Teachers, hideable
from gmmviz.ui import controls, layout, session

PAGE = script("teachers")
NAME = "teachers"
KEYS = [
    ("F", "fills the screen with the film, and gives the page back"),
    ("Escape", "gives the page back"),
    ("Space", "plays and pauses"),
    ("Page Down, →", "one step on; at the end of the film the next link"),
    ("Page Up, ←", "one step back; at the start of the film the link before"),
    ("Home", "to the start"),
    ("End", "to the end"),
    ("W, A, S, D", "show what lies above, left, below or right, as dragging the picture does"),
]


def show() -> None:
    """Draw the page."""
    session.begin(PAGE, Teachers())
    notice = st.container()
    layout.opening(
        "For teachers",
        "Prepare a link, or a row of links, for your class: what it opens, what it hides, and where the presenter's "
        "next key goes on.",
    )
    left, right = st.columns(2, gap="large")
    with left:
        choices()
    with notice:
        settings = session.collect()
    session.write_address(settings)
    with right:
        address = the_link(settings)
    for_a_course(address)
    by_hand()
    show_everything()


# --- What is chosen ---------------------------------------------------------------------------------------------------


def choices() -> None:
    """Draw what can be chosen."""
    controls.control("steps", height=150, placeholder="?dataset=moons&k=2\n?dataset=moons&k=16\ndensity?k=12")
    page, add = st.columns([2, 1], vertical_alignment="bottom")
    with page:
        controls.control("of")
    add.button(
        "Add it", key="add_step", icon=":material/add:", on_click=add_step, help="Adds a line with its link."
    )
    controls.control("hidden", options=list(hideable()), format_func=hideable().get, placeholder="Nothing")
    for name in ("truth", "mode"):
        controls.control(name, choose=st.segmented_control, required=True)


def add_step() -> None:
    """Add the link of a page as it was left."""
    page = next(page for page in PAGES if page.name == st.session_state.of)
    step = written(Step(page, session.current().seen.get(page.script, {})))
    st.session_state.steps = "\n".join(filter(None, [st.session_state.steps.rstrip(), step]))


# --- What comes of it -------------------------------------------------------------------------------------------------


def the_link(settings: Teachers) -> str:
    """Draw the link, say what it does, and return it."""
    home = home_of(st.context.url, NAME)
    steps, nowhere, cut = sequel(settings.steps, PAGES, home)
    address = link(settings, steps, home)
    st.markdown("## Your link")
    st.code(address, language=None, wrap_lines=True)
    st.link_button("Try it in a new tab", address, icon=":material/open_in_new:")
    if nowhere:
        lines = ", ".join(f"`{line[:60].replace('`', ' ')}`" for line in nowhere)
        st.warning(f"No link to a page of this app, and left out: {lines}", icon=":material/link_off:")
    if cut:
        st.warning(
            "That is more than an address holds: the last links were left out.", icon=":material/link_off:"
        )
    what_it_does(settings, steps)
    return address


def what_it_does(settings: Teachers, steps: list[Step]) -> None:
    """Say in words what the link does."""
    first, *others = map(in_words, steps)
    said = [f"**Opens** {first}{', in presentation mode' if settings.mode == 'present' else ''}."]
    said += [f"**Then** {other}." for other in others]
    hidden = hidden_in_words(settings)
    said.append(f"**Hidden** {hidden}." if hidden else "**Hidden** nothing.")
    st.markdown("\n".join(f"- {line}" for line in said))


def for_a_course(address: str) -> None:
    """Draw what a page of a course needs, and the keys."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("## In a frame of a course's page")
        st.markdown(
            "With `embed=true` at its end, a link shows the page without its header. The frame to copy:"
        )
        st.code(iframe(address), language="html", wrap_lines=True)
    with right:
        st.markdown("## Keys for a presenter")
        st.markdown("\n".join(f"- **{key}** {what}" for key, what in KEYS))


def by_hand() -> None:
    """Say how such a link is written by hand."""
    st.markdown("## Writing a link by hand")
    st.markdown(
        "Add these to any address of the app, with `&` between:\n"
        "- `present=1` opens it in presentation mode.\n"
        "- `hide=data,truth` hides; the words are "
        + ", ".join(f"`{name}`" for name in (*TITLES, "truth"))
        + ", or a setting's own name as the address has it, such as `k` or `init_seed`.\n"
        "- `next=?dataset=moons;k=16+density?k=12` lists what comes next: in each link a semicolon stands for `&`, "
        "and a plus goes between two links. Only links within this app are followed.\n\n"
        "What is hidden stays hidden on every page that the class opens from there, until `hide` is taken out of the "
        "address. It tidies the page; it is no lock: whoever edits the address sees everything."
    )


def show_everything() -> None:
    """Draw a way back, where this session itself has something hidden."""
    if session.current().frame.hide:
        st.page_link(
            script("explorer"),
            label="In this tab something is hidden. Show everything again",
            icon=":material/visibility:",
            query_params={"hide": ""},
        )
