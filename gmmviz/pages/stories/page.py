"""Stories: what the page says, and where."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import parse_qsl

import streamlit as st

from gmmviz.geometry import extent
from gmmviz.pages import script
from gmmviz.pages.stories import numbers
from gmmviz.pages.stories.facts import Told
from gmmviz.pages.stories.figure import Mark, last_of, story_film
from gmmviz.pages.stories.numbers import Names, Verdict
from gmmviz.pages.stories.settings import Stories
from gmmviz.pages.stories.story import SHELF, Guess, Pick, Spot, Story, StoryError
from gmmviz.pages.stories.words import counted_right, verdict_in_words
from gmmviz.ui import cache, layout, session, terms
from gmmviz.ui.film import film

PAGE = script("stories")
MEMORY = "_predictions"  # of st.session_state
LOCKED = "First predict, then play"
ASKED = "Nothing is sent anywhere, and a wrong guess is worth as much as a right one: it is where you learn something."
MARKS = {
    True: ":material/check_circle: told, predicted right",
    False: ":material/change_history: told, it came out otherwise",
}


@dataclass
class Said:
    """A reader's prediction: its value, whether it is right, and whether the reader knows what came out."""

    value: object
    right: bool
    told: bool = False


@dataclass
class Memory:
    """What a session keeps: predictions by the stories' names, and how often a film had to play by itself."""

    said: dict[str, Said] = field(default_factory=dict)
    plays: int = 0


def memory() -> Memory:
    """Return what this reader has predicted."""
    return st.session_state.setdefault(MEMORY, Memory())


def show() -> None:
    """Draw the page."""
    session.begin(PAGE, Stories())
    settings = session.collect()
    story = SHELF.get(settings.story)
    if story is None:
        contents(settings)
        return
    try:
        tell(story, settings)
    except StoryError as error:
        st.error(f"This story cannot be told. {error}")


# --- All stories ------------------------------------------------------------------------------------------------------


def contents(settings: Stories) -> None:
    """Draw the list of the stories, with what the reader has predicted so far."""
    settings = session.current().settings = replace(settings, it=0)
    st.session_state.it = 0
    session.write_address(settings)
    layout.opening(
        "Stories",
        "Each takes a few minutes: a question, your prediction, a film, what happened and why. " + ASKED,
    )
    for error in SHELF.errors:
        st.warning(f"A story is missing here. {error}", icon=":material/report:")
    score()
    for first in range(0, len(SHELF), 2):
        for column, story in zip(st.columns(2), list(SHELF.values())[first : first + 2], strict=False):
            with column.container(border=True, height="stretch", gap="xsmall"):
                card(list(SHELF).index(story.name) + 1, story)


def card(place: int, story: Story) -> None:
    """Draw one story's place in the list: its title, which leads to it, what became of it, and its question."""
    said = memory().said.get(story.name)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"
    ):
        link(f"{place}. {story.title}", story)
        if said and said.told:
            st.caption(MARKS[said.right], width="content")
    st.markdown(story.question)


def link(label: str, story: Story) -> None:
    """Draw a link to a story."""
    layout.link(PAGE, label, Stories(story=story.name))


def score() -> None:
    """Say how many predictions were right, and offer to forget them."""
    told = [said for said in memory().said.values() if said.told]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(counted_right([said.right for said in told], len(SHELF)), width="content")
        st.button(
            "Forget my predictions",
            on_click=lambda: st.session_state.pop(MEMORY, None),
            disabled=not memory().said,
            icon=":material/undo:",
            help="Begins all stories anew: every film waits for a prediction again.",
        )


# --- One story --------------------------------------------------------------------------------------------------------


def tell(story: Story, settings: Stories) -> None:
    """Draw a story: as long as nothing is predicted, its film stands still."""
    numbers.checked(story)
    told, names = numbers.names_of(story, cache.dataset_of, cache.history_of)
    films = [told[film.name] for film in story.shown]
    said = memory().said.get(story.name)
    last = last_of(films) if said else story.opens
    if said is None:
        settings = replace(settings, it=story.opens)  # whatever the address says
    elif settings.it >= last:
        said.told = True
    outcome = numbers.verdict(story, said.value, names) if said else None

    layout.opening(story.title, f"**{story.question}** {numbers.words(story, 'intro', names)}")
    with layout.stage():
        with layout.aside():
            if said is None:
                ask(story, films[0], names)
            else:
                watched(story, said, outcome)
        marks = marks_of(story, said, outcome)
        film(
            settings,
            last=last,
            figure=lambda iteration: film_of(settings, marks, None if said else story.opens, iteration),
            of=settings,
            on_spot=partial(put_spot, key_of(story))
            if said is None and isinstance(story.prediction, Spot)
            else None,
            locked="" if said else LOCKED,
            plays=memory().plays,
        )
    if said and said.told:
        explained(story, names)
    else:
        st.caption("What happened, and why, stands here once you have predicted and seen the film.")
    around(story, said)


@cache.result("data", max_entries=cache.FILMS)
def film_of(settings: Stories, marks: tuple[Mark, ...], until: int | None, iteration: int) -> dict:
    """Return the film for the player; the iteration is among its frames."""
    story = SHELF[settings.story]
    told, _ = numbers.names_of(story, cache.dataset_of, cache.history_of)
    shown = [told[film.name] for film in story.shown]
    return story_film(story, shown, marks=marks, until=until, keep=iteration)


def marks_of(story: Story, said: Said | None, outcome: Verdict | None) -> tuple[Mark, ...]:
    """Return the places to mark: the story's own, the reader's, and once he knows, the answer."""
    found = [Mark(story.star, "this point")] if story.star else []
    if isinstance(story.prediction, Spot):
        spot = said.value if said else chosen_spot(key_of(story))
        found += [Mark(spot, "you")] if spot else []
        if said and said.told:
            found.append(Mark(outcome.place, "counts as right", story.prediction.within))
    return tuple(found)


# --- The prediction ---------------------------------------------------------------------------------------------------


def ask(story: Story, shown: Told, names: Names) -> None:
    """Draw what to predict, and the button that does."""
    with st.form(f"predict_{story.name}", border=False, enter_to_submit=True):
        match story.prediction:
            case Pick() as pick:
                pick_one(pick, key_of(story))
            case Guess() as guess:
                guess_number(guess, key_of(story))
            case Spot() as spot:
                choose_spot(spot, shown, key_of(story))
        st.form_submit_button(
            "Predict, and play",
            type="primary",
            on_click=predict,
            args=(story, names),
            help="Keeps your prediction and starts the film.",
        )


def key_of(story: Story) -> str:
    """Return the key of the widget that holds a prediction; of a spot, with the name of a side."""
    return f"said_{story.name}"


def pick_one(pick: Pick, key: str) -> None:
    """Draw the answers to choose from."""
    options = range(len(pick.options))
    texts = [option.text for option in pick.options]
    st.radio(f"**{pick.ask}**", options, index=None, format_func=texts.__getitem__, key=key)


def guess_number(guess: Guess, key: str) -> None:
    """Draw the field for a number."""
    st.number_input(
        f"**{guess.ask}**",
        guess.low,
        guess.high,
        value=None,
        step=guess.step,
        format="%g",
        placeholder=f"{guess.low:g} to {guess.high:g}{guess.unit}",
        key=key,
    )


def choose_spot(spot: Spot, shown: Told, key: str) -> None:
    """Draw the fields of a spot, which a click in the picture fills."""
    st.markdown(f"**{spot.ask}** Click in the picture, or type the place:")
    ends = extent(shown.dataset.X, margin=0.5)
    sides = zip(st.columns(2), "xy", shown.dataset.columns, ends, strict=True)
    for column, side, label, (low, high) in sides:
        column.number_input(label, low, high, value=None, step=0.1, format="%g", key=f"{key}_{side}")


def put_spot(key: str, x: float, y: float) -> None:
    """Take over a spot that was clicked."""
    for side, value in (("x", x), ("y", y)):
        st.session_state[f"{key}_{side}"] = float(f"{value:.3g}")


def chosen_spot(key: str) -> tuple[float, float] | None:
    """Return the spot that stands in the fields."""
    found = tuple(st.session_state.get(f"{key}_{side}") for side in "xy")
    return None if None in found else found


def predict(story: Story, names: Names) -> None:
    """Keep what the reader has predicted, if anything, and let the film play."""
    key = key_of(story)
    value = chosen_spot(key) if isinstance(story.prediction, Spot) else st.session_state.get(key)
    if value is None:
        return
    right = numbers.verdict(story, value, names).right
    memory().said[story.name] = Said(value, right)
    memory().plays += 1


def watched(story: Story, said: Said, outcome: Verdict) -> None:
    """Say what the reader has predicted, and once the film has been seen, what came out."""
    if said.told:
        st.markdown(verdict_in_words(outcome))
        st.caption("What happened, and why, stands below the film.")
        return
    st.markdown(f"You said: **{outcome.said}**.\n\nWatch the film. When it has ended, you will be told here.")
    st.button(
        "Tell me now",
        on_click=end,
        args=(said,),
        help="Tells what came out without waiting for the film's end.",
    )


def end(said: Said) -> None:
    """Let the reader know, whether or not the film has ended."""
    said.told = True


# --- Below the film ---------------------------------------------------------------------------------------------------


def explained(story: Story, names: Names) -> None:
    """Say what happened, and why, and what to try."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        for title, field in (("What happened", "happened"), ("Why", "why")):
            terms.markdown(f"## {title}\n{numbers.words(story, field, names)}")
        if story.formula:
            st.latex(story.formula)
    with right:
        st.markdown(f"## One thing to try\n{story.try_.text}")
        layout.link_to(script(story.try_.page), "Open it", dict(parse_qsl(story.try_.settings)))


def around(story: Story, said: Said | None) -> None:
    """Draw the ways on: the next story, all of them, and this one again."""
    after = SHELF.after(story.name)
    told = [one.right for one in memory().said.values() if one.told]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if after:
            link(f"Next story: {after.title}", after)
        layout.link(PAGE, "All stories", Stories())
        if said:
            st.button(
                "Predict again",
                on_click=partial(memory().said.pop, story.name, None),
                icon=":material/undo:",
                help="Forgets this prediction: the film waits for another one.",
            )
        if told:
            st.markdown(counted_right(told, len(SHELF)), width="content")
