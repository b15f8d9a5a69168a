"""The user's own data on the page: where a table comes in, which of its columns are fitted, and asking for what is not
there.

All words that come from a file or its name are shown as text: `plain.in_markdown` stands before each.
"""

from __future__ import annotations

from functools import partial
from itertools import combinations

import streamlit as st

from gmmviz.columns import FEWEST_ROWS, usable_rows
from gmmviz.corrections import Correction, ThereAre
from gmmviz.datasets import OWN, Dataset
from gmmviz.experiment import OF_OWN
from gmmviz.figures.pairs import pairs_figure
from gmmviz.numerals import numeral
from gmmviz.plain import in_markdown, one_line
from gmmviz.projection import features_of
from gmmviz.settings import Settings
from gmmviz.tables import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, WHY, Table, TableError, read
from gmmviz.ui import layout, private, session
from gmmviz.ui.private import own
from gmmviz.ui.session import Placement
from gmmviz.ui.widget import shared

PASTED = "own_pasted"  # the key of the field for a pasted table
MOST_IN_MATRIX = 10  # columns whose pairs can be told apart in the column on the left
EXAMPLE = "length, width\n4.1, 2.2\n3.9, 2.4\n6.0, 1.1"
STAYS = (
    "It stays in this session: it is written to no disk, no other reader sees it, and it goes when you close the page. "
    "A link to the page says that the data are your own, which columns and how many rows, nothing of what they hold."
)


# --- What the session has ---------------------------------------------------------------------------------------------


def settle() -> None:
    """Let the settings that say more of the user's own data say what the session's table allows."""
    state = st.session_state
    if not state.file and own().table:
        state.file = own().table.digest
    table = private.table_of(state.file)
    if table is None:
        return
    _settle("columns", _columns(table, state["columns"]))
    if "label" in session.table():
        _settle("label", state.label if state.label - 1 in table.groupable else 0)
    if "plane" in session.table():
        _settle("plane", _plane(state["columns"], state.plane))
    usable, most = n_usable(table), session.table()["rows"].high
    everything = min(own().usable or usable, most)
    asked = usable if state.rows in (0, everything) else max(state.rows, FEWEST_ROWS)
    _settle("rows", min(asked, usable, most), usable)
    own().usable = usable


def _settle(name: str, now, n: int = 0) -> None:
    """Set a setting, and tell of it where an address has asked for something else; `n`: rows that there are."""
    asked, row = st.session_state[name], session.table()[name]
    if asked == now:
        return
    st.session_state[name] = now
    here = session.current()
    if here.fresh and name in here.address and asked != row.shown(row.default) and not (n and now < n):
        why = ThereAre(n, "rows") if n else None
        here.corrections.append(Correction(name, here.address[name], row.entered(now), why))


def _columns(table: Table, asked: list[str]) -> list[str]:
    """Return the columns asked for, as far as they can be fitted; the first two where that leaves too few."""
    least = fewest_columns()
    numeric = [str(i + 1) for i in table.numeric]
    fits = [text for text in asked if text in numeric][: session.table()["columns"].most]
    return fits if len(fits) >= least or (fits and fits == asked) else numeric[:least]


def fewest_columns() -> int:
    """Return how many columns the page needs."""
    return min(2, session.table()["columns"].most)


def _plane(columns: list[str], asked: str) -> str:
    """Return what is to be seen of these columns: as asked, or else the first two."""
    ends = asked.split("-")
    fits = len(set(ends)) == 2 and set(ends) <= set(columns) and ends != columns[:2]
    return asked if len(columns) > 2 and (asked == "pc" or fits) else ""


def n_usable(table: Table) -> int:
    """Return how many rows have a number in each of the columns chosen."""
    return int(usable_rows(table, [int(text) - 1 for text in st.session_state["columns"]]).sum())


def take(given: bytes | str, source: str) -> None:
    """Read a table, and make it this session's; or note what is wrong with it, and keep the one before."""
    try:
        table = read(given)
    except TableError as error:
        own().error = f"{source}: {error}" if source else str(error)
        return
    own().take(table, source)
    use()


def use() -> None:
    """Make the session's table the data."""
    chooser, meaning = _chooser()
    st.session_state.update({chooser: meaning, "file": own().table.digest})
    session.draw_whole()


def _chooser() -> tuple[str, str]:
    """Return by which of its settings the page takes the user's own data, and the value that means them."""
    return ("dataset", OWN) if "dataset" in session.table() else ("example", "table")


def leave_or_resume() -> None:
    """Keep for later which columns were chosen, and choose them again: another dataset's link tells nothing of them."""
    state, here, table = st.session_state, session.current(), session.table()
    names = [name for name in OF_OWN if name in table]
    if here.settings.is_own:
        own().chosen = {name: table[name].write(table[name].entered(state[name])) for name in names}
    state.update({name: table[name].shown(table[name].default) for name in names})
    chooser, meaning = _chooser()
    if state[chooser] == meaning:
        known = {name: text for name, text in (here.chosen | own().chosen).items() if name in names}
        state.update({name: table[name].shown(table[name].read(text)) for name, text in known.items()})


# --- Where a table comes in -------------------------------------------------------------------------------------------


def panel() -> None:
    """Draw where a file is chosen, or a table pasted, and what was wrong with the last one."""
    if own().error:
        st.warning(in_markdown(own().error), icon=":material/table_view:")
    key = f"own_file_{own().uploads}"
    st.file_uploader(
        "A file",
        key=key,
        max_upload_size=MOST_BYTES // 2**20,
        help=f"CSV or another table in plain text: up to {MOST_BYTES // 2**20} MB, {numeral(MOST_ROWS)} rows and "
        f"{MOST_COLUMNS} columns; with or without names in the first line; commas, semicolons, tabs or blanks between "
        "the entries; points or commas for decimals.",
        on_change=_uploaded,
        args=(key,),
    )
    st.text_area(
        "Or paste a table",
        key=PASTED,
        height=120,
        placeholder=EXAMPLE,
        help="A line for each point, its numbers side by side, as a spreadsheet copies them.",
        persist_state="session",
    )
    st.button(
        "Use what is pasted",
        key="own_use_pasted",
        on_click=_pasted,
        help="Reads the text above and fits it.",
    )
    st.caption(STAYS)


def _uploaded(key: str) -> None:
    if (file := st.session_state.get(key)) is not None:
        own().uploads += 1  # so that the server lets go of the file, and the same can be chosen again
        take(file.getvalue(), one_line(file.name, 60))


def _pasted() -> None:
    take(st.session_state[PASTED], "Pasted")


# --- Which of its columns ---------------------------------------------------------------------------------------------


def controls() -> None:
    """Draw what decides which part of the session's table is fitted, if it is there."""
    settle()
    if session.leave_out(_chooser()[0]):
        return
    table = private.table_of(st.session_state.file)
    if table is None:
        st.caption("It is not here yet: choose a file, or paste a table.")
        return
    size = f"{numeral(len(table.numbers))} rows, {numeral(len(table.columns))} columns"
    st.caption(f"{in_markdown(own().source)}: {size}.")
    _choose_columns(table)
    _choose_plane()
    for note in (*_fewer_columns(), *_notes()):
        st.caption(in_markdown(note))
    folded = "Labels, scale, rows" if "scale" in session.table() else "Rows"
    with st.expander(folded):
        if "label" in session.table():
            _choose_label(table)
        if "scale" in session.table():
            row = session.table()["scale"]
            how = {"format_func": row.choices.get, "required": True}
            st.segmented_control(row.label, list(row.choices), **how, **shared(row))
        row, usable = session.table()["rows"], n_usable(table)
        if usable > FEWEST_ROWS:
            st.number_input(row.label, FEWEST_ROWS, min(usable, row.high), step=row.step, **shared(row))
        for note in (*_unfit(table), *table.notes):
            st.caption(in_markdown(note))
    with st.popover("Another table", icon=":material/upload_file:", help="Another file, or pasted text."):
        panel()


def _choose_columns(table: Table) -> None:
    row = session.table()["columns"]
    if row.most == 1:
        options = [[str(i + 1)] for i in table.numeric]
        st.selectbox(
            row.label, options, format_func=lambda one: table.columns[int(one[0]) - 1].name, **shared(row)
        )
        return
    st.multiselect(
        row.label,
        [str(i + 1) for i in table.numeric],
        format_func=lambda text: table.columns[int(text) - 1].name,
        max_selections=row.most,
        select_all=False,
        **shared(row),
    )


def _choose_label(table: Table) -> None:
    row = session.table()["label"]
    if not table.groupable or session.hides("truth"):
        return
    st.selectbox(
        row.label,
        [0, *(i + 1 for i in table.groupable)],
        format_func=lambda number: table.columns[number - 1].name if number else "None",
        **shared(row),
    )


def _choose_plane() -> None:
    """Draw the choice of what is seen of more than two columns: a list, and a small matrix of all pairs."""
    columns = st.session_state["columns"]
    if "plane" not in session.table() or len(columns) < 3 or session.leave_out("plane"):
        return
    try:
        dataset = private.chosen_of(_now()).dataset
    except TableError:
        return
    row, names = session.table()["plane"], dict(zip(columns, dataset.columns, strict=True))
    pairs = {f"{i}-{j}": f"{names[j]} over {names[i]}" for i, j in combinations(columns, 2)}
    first, *others = pairs
    asked = [text for text in [st.session_state.plane] if text not in ("", "pc", *pairs)]  # such as 3-1
    titles = {"": pairs[first], **{text: pairs[text] for text in others}, "pc": "Principal components"}
    titles |= {f"{j}-{i}": f"{names[i]} over {names[j]}" for j, i in (text.split("-") for text in asked)}
    st.selectbox(row.label, list(titles), format_func=titles.get, **shared(row))
    if len(columns) <= MOST_IN_MATRIX:
        _matrix(dataset, columns)


def _matrix(dataset: Dataset, columns: list[str]) -> None:
    """Draw all pairs of columns; a click on one shows it."""
    key = f"own_pairs_{own().choices}"  # after a choice nothing is selected, so that all can be again
    st.plotly_chart(
        pairs_figure(dataset, features_of(columns, st.session_state.plane)),
        config={"displayModeBar": False},
        key=key,
        on_select=partial(_pair_clicked, key),
        selection_mode="points",
    )


def _pair_clicked(key: str) -> None:
    if points := st.session_state[key]["selection"]["points"]:
        columns, (across, up) = st.session_state["columns"], points[0]["customdata"]
        own().choices += 1
        st.session_state.plane = "" if (across, up) == (0, 1) else f"{columns[across]}-{columns[up]}"


def _fewer_columns() -> list[str]:
    """Return a note where more columns were chosen on another page than this one takes."""
    chosen = session.current().chosen.get("columns", "").split(",")
    most = session.table()["columns"].most
    if len(chosen) <= most or chosen[:most] != st.session_state["columns"]:
        return []
    if most == 1:
        return [f"This page works in one dimension: it takes one of the {len(chosen)} columns."]
    return [f"What this page shows can be seen in a plane alone: it takes two of the {len(chosen)} columns."]


def _notes() -> tuple[str, ...]:
    """Return what was left out of the dataset that the widgets stand at; nothing where there is none."""
    try:
        return private.chosen_of(_now()).notes
    except TableError:
        return ()


def _now() -> Settings:
    """Return the settings that the widgets stand at just now."""
    return session.current().defaults.entered(st.session_state)


def _unfit(table: Table) -> list[str]:
    """Return a note on the columns that cannot be fitted, if there are any."""
    unfit = [column for column in table.columns if column.kind != "numbers"]
    told = [f'"{column.name}" ({WHY[column.kind].removeprefix("with ")})' for column in unfit[:5]]
    more = f" and {numeral(len(unfit) - 5)} more" if len(unfit) > 5 else ""
    return [f"Not to be fitted: {', '.join(told)}{more}."] if unfit else []


# --- Asking for what is not there -------------------------------------------------------------------------------------


def collect() -> Settings:
    """Return the settings that the widgets stand at, as `session.collect` does, once there are data to go with them.

    Until then the page asks for them, and ends; all other settings wait.
    """
    settings = session.collect()
    missing = next((one for one in _with_data(settings) if wrong_with(one) is not None), None)
    if missing is None:
        return settings
    _ask(missing)
    films = session.current().films  # the iteration that is asked for is meant for what is not there yet
    films["film"] = films.get("film", Placement())._replace(provisional=True)
    session.write_address(settings)
    st.stop()


def _with_data(settings: Settings) -> list[Settings]:
    """Return the settings of each of the datasets that a page shows which are the user's own."""
    panels = [panel.experiment for panel in settings.panels()] if hasattr(settings, "panels") else [settings]
    return [one for one in panels if one.is_own]


def wrong_with(settings: Settings) -> str | None:
    """Return why there are no data for settings: "" if the table is not there, else what to do; None if there are."""
    if private.table_of(settings.file) is None:
        return ""
    if len(settings.columns) < fewest_columns():
        return "Choose a second column on the left: this page shows points in a plane."
    try:
        private.chosen_of(settings)
    except TableError as error:
        return str(error)
    return None


def _ask(settings: Settings) -> None:
    """Ask for the table, or for other columns of it."""
    if wrong := wrong_with(settings):
        layout.opening("Your own data", "These columns cannot be fitted yet.")
        st.warning(in_markdown(wrong), icon=":material/table_view:")
        return
    if settings.file:
        said = (
            "This link is to a table that stayed with whoever made it: a link carries settings, and no data. Have you "
            "got the same file? Then choose it here, and the page goes on as the link says."
        )
    else:
        said = "A line for each point, with its numbers side by side: from a file, or pasted."
    layout.opening("Your own data", said)
    if own().table:
        st.button(
            f"Use the table that is here: {in_markdown(own().source)}",
            key="own_use_here",
            icon=":material/table_view:",
            on_click=use,
            help="Its columns take the place of those that the link means.",
        )
    with st.container(width=560):
        panel()
