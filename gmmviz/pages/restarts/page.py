"""Restarts: what the page says, and where."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from gmmviz.datasets import Dataset
from gmmviz.numerals import numeral
from gmmviz.pages import script
from gmmviz.pages.restarts.figure import (
    KIND,
    SINGLED_OUT,
    fan_figure,
    names,
    pictures,
    restart_film,
    singled_out,
)
from gmmviz.pages.restarts.numbers import (
    Reach,
    best_of,
    group_of,
    in_order_of,
    leader,
    n_starts,
    reach,
    single,
    sweep,
    swept,
)
from gmmviz.pages.restarts.settings import Restarts
from gmmviz.projection import Outlook
from gmmviz.restarts import Optimum, Restart, Sweep, optima
from gmmviz.starts import STARTS
from gmmviz.ui import cache, controls, drawing, layout, own, report, session, terms, work
from gmmviz.ui.film import film
from gmmviz.ui.take_away import Fit, Taken, take_away
from gmmviz.ui.work import SLICE

PAGE = script("restarts")
STILL = {"displaylogo": False}
STOPPED, WAYS = "_restarts_stopped", "_restarts_ways"
"""Of st.session_state: the sweep that the reader has stopped; the one that is compared with other ways to start."""
TRIES = [
    (
        "Five stretched groups from random points: one start in six, and dozens of lesser optima",
        Restarts(dataset="tutorial-five", k=5),
    ),
    ("The same from k-means++: every start", Restarts(dataset="tutorial-five", k=5, init="k-means++")),
    ("Iris with four components: the highest ends are at the floor", Restarts(dataset="iris", k=4)),
    (
        "A tolerance of 0.001 stops many runs before they come to anything",
        Restarts(dataset="tutorial-five", k=5, tol=1e-3),
    ),
]


def show() -> None:
    """Draw the page."""
    session.begin(PAGE, Restarts())
    with session.sidebar():
        controls.control("starts")
        controls.control("play")
        controls.data_controls()
        controls.mixture_controls()
        controls.control("frames")
    settings = own.collect()
    drawing.require(settings)
    dataset = cache.dataset_of(settings)
    layout.opening(
        "Restarts",
        "EM climbs to the nearest hilltop. Started again and again: which hilltops are there, and how often is the "
        "highest found?",
    )
    if is_running(settings, dataset):
        go_on(settings, dataset, SLICE)
    work.draw_in_slices(results, is_running(settings, dataset), settings, dataset)
    one_run(settings, dataset)
    work.draw_in_slices(
        how_many, is_running(settings, dataset) or is_comparing(settings, dataset), settings, dataset
    )
    layout.things_to_try(PAGE, TRIES)


# --- The work, and who does it ----------------------------------------------------------------------------------------


@cache.result("data", "run", max_entries=cache.FILMS)
def _sweep_of(settings: Restarts) -> Sweep:
    return sweep(settings, cache.dataset_of(settings).X)


def sweep_of(settings: Restarts) -> Sweep:
    """Return the settings' sweep, which all readers of these settings share, each of whom goes on with it."""
    return _sweep_of(swept(settings))


def done_of(settings: Restarts, dataset: Dataset) -> tuple[Restart, ...]:
    """Return what is done of the starts that the settings ask for."""
    return sweep_of(settings).done[: n_starts(settings, len(dataset.X))]


def groups_of(settings: Restarts, restarts: Sequence[Restart], dataset: Dataset) -> list[Optimum]:
    """Return what restarts came to."""
    return optima(restarts, len(dataset.X), settings.tol)


def is_done(settings: Restarts, dataset: Dataset) -> bool:
    """Return whether all starts that the settings ask for are done."""
    return len(done_of(settings, dataset)) == n_starts(settings, len(dataset.X))


def is_running(settings: Restarts, dataset: Dataset) -> bool:
    """Return whether there is work to do that the reader has not stopped."""
    if work.is_stopped(STOPPED, swept(settings)) or is_done(settings, dataset):
        return False
    return work.is_agreed(swept(settings), cost_of(settings, dataset))


def cost_of(settings: Restarts, dataset: Dataset) -> float:
    """Return about how many seconds all the starts take that the settings ask for."""
    N = len(dataset.X)
    return work.cost(N, settings.k, work.iterations_of(settings), fits=n_starts(settings, N))


def go_on(settings: Restarts, dataset: Dataset, seconds: float) -> None:
    """Go on with the sweep."""
    total = n_starts(settings, len(dataset.X))
    work.advance(lambda seconds: sweep_of(settings).advance(total, seconds), seconds)


def ways(settings: Restarts) -> list[Restarts]:
    """Return the settings with each way to start, their own first."""
    others = [replace(settings, init=name) for name in STARTS if name != settings.init]
    return [settings, *others]


def is_comparing(settings: Restarts, dataset: Dataset) -> bool:
    """Return whether other ways to start are under way."""
    asked = st.session_state.get(WAYS) == swept(settings)
    return asked and not all(is_done(way, dataset) for way in ways(settings))


# --- All starts -------------------------------------------------------------------------------------------------------


def results(settings: Restarts, dataset: Dataset, seconds: float) -> None:
    """Draw what is done, and do more of it if there is more to do."""
    busy, total = is_running(settings, dataset), n_starts(settings, len(dataset.X))
    if busy and seconds:
        go_on(settings, dataset, seconds)
    restarts = done_of(settings, dataset)
    progress(settings, dataset, len(restarts), total)
    if restarts:
        groups = groups_of(settings, restarts, dataset)
        number = shown_number(settings, groups)
        st.plotly_chart(fan_figure(groups, group_of(groups, number)), config=STILL, key="fan")
        captions(groups, len(restarts))
        seen = cache.outlook_of(settings, settings.plane)
        st.html(pictures(seen.dataset, [seen_from(seen, group) for group in groups], len(restarts)))
        choose(groups, number, len(restarts))
    finished = busy and seconds and not is_running(settings, dataset)
    if finished or st.session_state.play != settings.play:
        session.rerun()  # the rest of the page has to hear of it


def progress(settings: Restarts, dataset: Dataset, done: int, total: int) -> None:
    """Draw how far the sweep is, and a button to stop it or to go on; before it begins, ask if it is long."""
    if total < settings.starts:
        st.info(f"{STARTS[settings.init].title} leaves nothing to chance: one start says all.")
        return
    seconds = cost_of(settings, dataset)
    if done < total and not work.is_agreed(swept(settings), seconds):
        work.ask(
            swept(settings), seconds, f"{numeral(total)} starts of many points, components or iterations"
        )
        return
    work.progress(STOPPED, swept(settings), done, total, "starts", "Fits the starts that are left.")


def seen_from(seen: Outlook, group: Optimum) -> Optimum:
    """Return a group as it is seen."""
    return group._replace(mixture=seen.mixture(group.mixture))


def captions(groups: Sequence[Optimum], done: int) -> None:
    """Say what the curves and the pictures show."""
    kinds = [group.kind for group in groups]
    odd = [
        f"{sum(len(group.members) for group in groups if group.kind == kind)} ended {words}"
        for kind, words in (
            ("spurious", "with a component at the floor or on hardly any points"),
            ("collapsed", "in a collapse"),
        )
        if kind in kinds
    ]
    n = kinds.count("optimum")
    came = f"{numeral(n)} {'[[optimum]]' if n == 1 else '[[optima]]'}"
    said = f"{numeral(done)} starts came to {came}; the best has the strongest lines. "
    if odd:
        said += f"{' and '.join(odd)}: dotted, and never the best, however high. "
    if len(groups) > SINGLED_OUT:
        said += f"Of these, {SINGLED_OUT} are shown below; the others are drawn as one. "
    terms.caption(
        said
        + "Two starts came to the same if their log-likelihoods agree and their components do, in any order. A "
        "picture's colours follow the best optimum's; its [[ellipses]] stand at 2 standard deviations."
    )


def choose(groups: Sequence[Optimum], number: int, done: int) -> None:
    """Draw the choice of the group whose run is shown."""
    if session.hides("play"):
        return
    options = {leader(group): (name, group) for name, group in singled_out(groups)}
    group = group_of(groups, number)
    st.session_state.group = leader(group) if group and leader(group) in options else None

    def label(start: int) -> str:
        name, group = options[start]
        mark = f" ({KIND[group.kind]})" if KIND[group.kind] else ""
        return f"{name}{mark}: {numeral(100 * len(group.members) / done, '.0f')} %"

    st.segmented_control(
        "Play the run of",
        list(options),
        format_func=label,
        key="group",
        on_change=_chosen,
        help="The film shows the start that came highest there. *Start shown*, on the left, shows any other.",
    )


def _chosen() -> None:
    if st.session_state.group is not None:
        st.session_state.play = st.session_state.group + 1


def shown_number(settings: Restarts, groups: Sequence[Optimum]) -> int:
    """Return the start, from 0, that the film shows: the chosen one, or the highest of all."""
    return settings.play - 1 if settings.play else leader(groups[0])


# --- One of them ------------------------------------------------------------------------------------------------------


def one_run(settings: Restarts, dataset: Dataset) -> None:
    """Draw the film of the start that is shown, and the way to the explorer."""
    groups = groups_of(settings, done_of(settings, dataset), dataset)
    if not groups:  # the first run is still under way
        session.write_address(settings)
        return
    number = shown_number(settings, groups)
    experiment, group = single(settings, number), group_of(groups, number)
    (shown,) = work.so_far(experiment)
    run, under_way = cache.run_of(shown), work.is_under_way([shown], [experiment])
    seen = cache.outlook_of(settings, settings.plane)
    run_shown = in_order_of(run, groups[0])
    with layout.stage():
        with layout.above():
            st.markdown(f"## Start {number + 1:,}{beside(groups, group)}")
            with report.summary(dataset, run, settings.covariance, under_way):
                layout.link(script("explorer"), "Open in the explorer", experiment)
        settings = film(
            settings,
            last=len(run.states) - 1,
            figure=(
                figure := lambda iteration: restart_film(
                    seen.dataset, seen.run(run_shown), groups, settings.frames == "steps", iteration
                )
            ),
            of=replace(settings, play=number + 1, max_iter=shown.max_iter),
            provisional=under_way or (is_running(settings, dataset) and not settings.play),
        )
    report.captions(dataset, run, seen=seen)
    fits = [Fit(run_shown, dataset, experiment)]
    take_away(Taken(settings, lambda: figure(settings.it), f"Restarts, start {number + 1:,}", fits))


def beside(groups: Sequence[Optimum], group: Optimum | None) -> str:
    """Return to which group a start belongs, for a heading."""
    if group is None:
        return ", which is not among those done"
    name = next(name for name, one in zip(names(groups), groups, strict=True) if one is group)
    if group is best_of(groups):
        return f": optimum {name}, the best found"
    mark = f", {KIND[group.kind]}" if KIND[group.kind] else ""
    return f": {'optimum ' if group.kind == 'optimum' else ''}{name}{mark}"


# --- How many it takes ------------------------------------------------------------------------------------------------


def how_many(settings: Restarts, dataset: Dataset, seconds: float) -> None:
    """Say how many starts it takes, and beside it, if that is asked for, how many of each other way."""
    restarts = done_of(settings, dataset)
    best = best_of(groups_of(settings, restarts, dataset))
    st.markdown("## How many starts do I need?")
    if best is None:
        st.markdown(
            "No start has come to an optimum yet." if not restarts else "No start came to a sound optimum."
        )
        return
    st.markdown(sentence(reach(best, restarts, certain=n_starts(settings, len(dataset.X)) == 1)))
    busy = is_running(settings, dataset)
    if st.session_state.get(WAYS) == swept(settings):
        compare(settings, dataset, 0 if busy else seconds)
    elif not busy and st.button(
        "Compare all ways to start",
        icon=":material/compare_arrows:",
        help="Fits as many starts of each other way: is k-means++ worth it here?",
    ):
        st.session_state[WAYS] = swept(settings)
        session.rerun()
    if busy and seconds and is_done(settings, dataset):
        session.rerun()


def sentence(found: Reach) -> str:
    """Return in words how often the best optimum was found, and what follows."""
    share = numeral(100 * found.share, ".0f")
    said = f"**{numeral(found.hits)} of {numeral(found.starts)} starts** ({share} %) reach the best optimum found. "
    if found.needed == found.most == found.fewest == 1:
        return said + "**One start** is enough."
    low, high = (numeral(100 * end, ".1f") for end in found.interval)
    return (
        f"{said}To see it with 95 % probability takes **{_starts(found.needed)}**; between {_starts(found.fewest)} and "
        f"{_starts(found.most)}, as so many starts only tell that the share lies between {low} and {high} % "
        "(Clopper-Pearson interval, 95 %). A better optimum that is rarer still may have been missed."
    )


def _starts(n: int | None) -> str:
    return "no known number" if n is None else f"{numeral(n)} start{'' if n == 1 else 's'}"


def compare(settings: Restarts, dataset: Dataset, seconds: float) -> None:
    """Draw the same for each way to start, and do more of the work."""
    every = ways(settings)
    open_ways = [way for way in every if not is_done(way, dataset)]
    if open_ways and seconds:
        go_on(open_ways[0], dataset, seconds)
    done = [done_of(way, dataset) for way in every]
    best = best_of(groups_of(settings, [one for restarts in done for one in restarts], dataset))
    rows = [
        reach(best, restarts, certain=n_starts(way, len(dataset.X)) == 1)
        for way, restarts in zip(every, done, strict=True)
        if restarts
    ]
    if open_ways:
        total = sum(n_starts(way, len(dataset.X)) for way in every)
        left, right = st.columns([5, 1], vertical_alignment="bottom")
        left.progress(sum(map(len, done)) / total, f"Now: {STARTS[open_ways[0].init].title}")
        with right:
            if st.button(
                "Stop", key="stop_ways", icon=":material/stop:", help="Stops comparing; what is done stays."
            ):
                st.session_state[WAYS] = None
                session.rerun()
    report.table(
        {
            "way to start": [STARTS[row.method].title for row in rows],
            "starts": [row.starts for row in rows],
            "reach the best": [f"{numeral(100 * row.share, '.0f')} %" for row in rows],
            "95 % interval": [
                f"{numeral(100 * row.interval[0], '.1f')} to {numeral(100 * row.interval[1], '.1f')} %"
                for row in rows
            ],
            "starts needed": ["unknown" if row.needed is None else numeral(row.needed) for row in rows],
            "median iterations": [row.iterations for row in rows],
        },
        lambda value: numeral(value, ".0f"),
    )
    st.caption(
        "The best is the best that any way has found. Starts needed: to see it with 95 % probability. The intervals "
        "are Clopper and Pearson's; a way that leaves nothing to chance needs none."
    )
    if open_ways and seconds and all(is_done(way, dataset) for way in every):
        session.rerun()
