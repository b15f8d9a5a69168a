"""A page's film: where it stands, what the address says of that, and the player that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from gmmviz.corrections import Correction, RunEnds
from gmmviz.settings import Settings
from gmmviz.ui import session
from gmmviz.ui.player import player
from gmmviz.ui.session import Placement


def film(
    settings: Settings,
    *,
    last: int,
    figure: Callable[[int], dict],
    key: str = "film",
    iteration: str = "it",
    of: Settings | None = None,
    provisional: bool = False,
    on_point: Callable[[int], None] | None = None,
    on_spot: Callable[[float, float], None] | None = None,
    on_place: Callable[[str], None] | None = None,
    start: dict | None = None,
    on_draw: Callable[[str], None] | None = None,
    board: dict | None = None,
    locked: str = "",
    plays: int = 0,
) -> Settings:
    """Place a film, write the address, draw the player, and hear where it comes to rest.

    Parameters
    ----------
    settings : Settings
        As the widgets stand, from `session.collect`.
    last : int
        The run's last iteration. A setting whose default is beyond it opens there.
    figure : callable
        Returns the film for the player; takes the iteration that must be among its frames.
    key : str
        The player's own, so that a page can hold several.
    iteration : str
        The setting that holds the iteration this film shows.
    of : Settings, optional
        Names the run, where what the page has found out decides which it is, and not its settings alone.
    provisional : bool
        Whether another run may yet take this one's place. The iteration asked for is meant for that one: it stays in
        the address, and until then the film shows what this run has of it.
    on_point : callable, optional
        Called when one of the points is clicked, with its number from 0.
    on_spot : callable, optional
        Called when a plane is clicked anywhere, with x and y in the data's units.
    on_place : callable, optional
        Called when the means were placed by hand, with where, as an address has it.
    start : dict, optional
        Lets them be placed, as `gmmviz.ui.placing.offered` makes it.
    on_draw, board
        The same of points that are drawn by hand, as `gmmviz.ui.drawing.offered` makes it.
    locked, plays
        As the player has them: why the film cannot move yet, and a number that grows when it must play by itself, as
        it does by `session.play`, too.

    Returns
    -------
    Settings
        With the iteration that is shown.
    """
    home = min(session.table()[iteration].default, last)
    place = _hold if provisional else _place
    settings, placement, shown = place(settings, of or settings, last, home, key, iteration)
    session.write_address(settings)
    player(
        figure(placement.iteration),
        run=repr(placement.run),
        # Who draws keeps his zoom.
        points="drawn" if board else repr((settings.reduced_to("data"), getattr(settings, "plane", ""))),
        iteration=placement.iteration,
        placements=placement.placements,
        setting=iteration,
        home=home,
        presented=session.current().presented,
        next=session.coming(),
        back=bool(session.current().trail),
        on_turn=partial(_turned, key),
        on_rest=partial(_rested, key, iteration),
        on_point=on_point and partial(_clicked, key, on_point),
        on_spot=on_spot and partial(_spotted, key, on_spot),
        on_place=on_place and partial(_told, key, "placed", on_place),
        start=start,
        on_draw=on_draw and partial(_told, key, "drawn", on_draw),
        board=board,
        locked=locked,
        plays=plays + session.current().plays,
        key=key,
    )
    return replace(settings, **{iteration: shown})


# --- Where it stands --------------------------------------------------------------------------------------------------


def _place(
    settings: Settings, of: Settings, last: int, home: int, key: str, iteration: str
) -> tuple[Settings, Placement, int]:
    """Return the settings as the address holds them, where the film was put, which the session notes, and the
    iteration shown."""
    now, asked, default = session.current(), getattr(settings, iteration), session.table()[iteration].default
    before = now.films.get(key, Placement())
    now.fresh |= before.provisional  # only now the address can be heard
    if now.fresh and last < asked != default:
        _correct(now, iteration, asked, last)
    placement, shown = placed(before, of, asked, last, fresh=now.fresh, home=home)
    settings = replace(settings, **{iteration: default if shown == home else shown})
    st.session_state[iteration] = getattr(settings, iteration)
    now.films[key], now.settings = placement, settings
    now.iterations.add(iteration)
    return settings, placement, shown


def _hold(
    settings: Settings, of: Settings, last: int, home: int, key: str, iteration: str
) -> tuple[Settings, Placement, int]:
    """Do as `_place` for a run that is shown only until the one asked for is known: the settings stay as they are."""
    now = session.current()
    placement, shown = placed(
        now.films.get(key, Placement()), of, getattr(settings, iteration), last, fresh=True, home=home
    )
    now.films[key], now.settings = placement._replace(provisional=True), settings
    now.iterations.add(iteration)
    return settings, placement, shown


def placed(
    before: Placement, settings: Settings, iteration: int, last: int, fresh: bool, home: int = 0
) -> tuple[Placement, int]:
    """Return where to put a film that was at `iteration`, and the iteration that it then shows.

    Where a fresh address says; after a change of the run at its end if it stood at the end, else where it opens,
    at `home`; otherwise where the reader left it, also in a film that is thinned anew.
    """
    now = Placement(
        settings.reduced_to("data", "run"),
        last,
        getattr(settings, "frames", None),
        before.iteration,
        before.placements,
    )
    if fresh:
        shown = min(iteration, last)
        return now._replace(iteration=shown, placements=now.placements + 1), shown
    if now.run != before.run:
        shown = last if iteration == before.last > 0 else home
        return now._replace(iteration=shown), shown
    shown = min(iteration, last)
    if now.frames != before.frames:
        return now._replace(iteration=shown), shown  # so that it is among the frames
    return now, shown


def _correct(now: session.Session, iteration: str, asked: int, last: int) -> None:
    """Note that the address asked for an iteration that the run does not reach."""
    given = now.address.get(iteration, str(asked))
    others = [correction for correction in now.corrections if correction.name != iteration]
    now.corrections = [*others, Correction(iteration, given, last, RunEnds(last))]


# --- What the player reports ------------------------------------------------------------------------------------------


def _rested(key: str, iteration: str) -> None:
    """Note where the player came to rest, unless it has left the page, or was given another run, meanwhile."""
    if key in st.session_state and (rest := st.session_state[key].rest):
        shown, _, run = rest
        if run == repr(session.current().films.get(key, Placement()).run):
            st.session_state[iteration] = int(shown)
        session.current().unasked = True


def _turned(key: str) -> None:
    """Go on to the next link, or back to the one before."""
    turn = {"next": session.follow, "back": session.go_back}.get(st.session_state[key].turn)
    if turn:
        turn()
        session.draw_whole()


def _clicked(key: str, on_point: Callable[[int], None]) -> None:
    if (number := st.session_state[key].point) is not None:
        on_point(int(number))


def _spotted(key: str, on_spot: Callable[[float, float], None]) -> None:
    if (spot := st.session_state[key].spot) is not None:
        on_spot(*spot)


def _told(key: str, what: str, heard: Callable[[str], None]) -> None:
    if (text := getattr(st.session_state[key], what)) is not None:
        heard(str(text))
