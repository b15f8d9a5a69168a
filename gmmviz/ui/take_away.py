"""What a reader takes along from a page with a film. Nothing of it is made before it is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from gmmviz.criteria import bic, n_parameters
from gmmviz.datasets import SPECS
from gmmviz.em import State
from gmmviz.em.sentences import counted
from gmmviz.figures.document import Table, Told, film_document
from gmmviz.numerals import numeral, readable
from gmmviz.settings import Choice, Number, Setting, Settings
from gmmviz.titles import in_brief
from gmmviz.ui import exports, session
from gmmviz.ui.exports import Fit, address
from gmmviz.ui.player import pictures
from gmmviz.ui.report import STOPPED

MOST_FEATURES = 4  # of which a table has every variance and covariance


@dataclass(frozen=True)
class Taken:
    """What can be taken along.

    Attributes
    ----------
    settings : Settings
        As they are shown, from `gmmviz.ui.film.film`.
    figure : callable
        Returns the film, as it was given to the player.
    title : str
        The page's.
    fits : sequence of Fit
        The film's runs of EM.
    numbers : sequence of (str, str)
        More that the page has found out: names and texts.
    idle : collection of str
        Settings that decide nothing as the others stand.
    """

    settings: Settings
    figure: Callable[[], dict]
    title: str
    fits: Sequence[Fit]
    numbers: Sequence[tuple[str, str]] = ()
    idle: Collection[str] = ()

    @property
    def name(self) -> str:
        """What files are called, without an ending.

        >>> from gmmviz.experiment import Experiment
        >>> Taken(Experiment(k=4), dict, "Explorer", ()).name
        'gmmviz-blobs-k-4-full'
        """
        words = in_brief(self.settings, type(self.settings)()) or self.title
        return "gmmviz-" + "-".join(re.findall(r"[a-z0-9]+", words.lower()))


def take_away(taken: Taken) -> None:
    """Draw what can be taken along, if that is opened."""
    if session.hides("take"):
        return
    with st.expander("Take it with you", key="open_take", on_change="rerun") as opened:
        for entry in ENTRIES if opened.open else ():
            entry(taken)


# --- The film ---------------------------------------------------------------------------------------------------------


def film_file(taken: Taken) -> None:
    """Draw the button that makes the film one HTML file."""
    st.markdown(
        "**The film** as one file, with its settings and numbers. It plays in any browser, without a network and "
        "without this server. About 2 MB."
    )
    make = partial(film_document, taken.figure(), iteration=taken.settings.it, told=told(taken))
    st.download_button(
        "Download the film",
        make,  # called when the button is pressed
        file_name=f"{taken.name}.html",
        mime="text/html",
        icon=":material/movie:",
        help="Opens at the iteration shown now.",
        on_click="ignore",
        key="take_film",
    )


def film_pictures(taken: Taken) -> None:
    """Draw the buttons that make pictures of the film, in the browser."""
    st.markdown("**Pictures** of the film, drawn by your browser. The animated one takes some seconds.")
    pictures()


# --- The numbers, and the link ----------------------------------------------------------------------------------------


def link(taken: Taken) -> None:
    """Draw the page's link, and its QR code."""
    exports.link()


def of_a_run(taken: Taken) -> None:
    """Draw a run's numbers as files, and the scripts that repeat it."""
    exports.of_a_run(taken.fits, taken.settings.it)


ENTRIES: tuple[Callable[[Taken], None], ...] = (film_file, film_pictures, link, of_a_run)
"""What is drawn, one after another."""


# --- What the file tells ----------------------------------------------------------------------------------------------


def told(taken: Taken) -> Told:
    """Return what the film's file says beside the film: nothing that is hidden on the page."""
    title = in_brief(taken.settings, type(taken.settings)()) or taken.title
    rows = [] if session.hides("summary") else [*numbers(taken), *taken.numbers]
    tables = [] if session.hides("tables") else [*components(taken)]
    return Told(title, "", settings_told(taken), rows, tables, address())


def settings_told(taken: Taken) -> list[tuple[str, str]]:
    """Return what decides data and run, and what colours mean, where it is not hidden: names, and values in words.

    A fixed dataset has a size of its own, and neither noise nor a seed.
    """
    settings, values, idle = taken.settings, taken.settings.spelled_out(), set(taken.idle)
    if "dataset" in values and SPECS[settings.dataset].fixed:
        values, idle = values | {"n": len(taken.fits[0].dataset.X)}, idle | {"noise", "data_seed"}
    return [
        (row.label, in_words(row, values[name]))
        for name, row in settings.table().items()
        if (row.part != "view" or name == "colour")
        and name not in idle
        and values[name] not in (None, (), "")
        and not session.hides(name)
    ]


def in_words(row: Setting, value) -> str:
    """Return a setting's value as a page shows it.

    >>> from gmmviz.experiment import Experiment
    >>> table = Experiment.table()
    >>> in_words(table["n"], 1500), in_words(table["covariance"], "tied"), in_words(table["floor"], 1e-6)
    ('1,500', 'Tied: one ellipse shared by all', '10⁻⁶')
    """
    if isinstance(row, Choice):
        return str(row.choices[value])
    return numeral(value, "g") if isinstance(row, Number) else readable(row.write(value).replace(",", ", "))


def numbers(taken: Taken) -> list[tuple[str, str]]:
    """Return what each run came to: names and texts."""
    found = []
    for run, dataset, experiment, name in taken.fits:
        (N, D), last, of = dataset.X.shape, run.states[-1], f", {name}" if name else ""
        ended = f"{counted(last.iteration, 'iteration')}, {STOPPED[run.stop_reason]}"
        found += [(f"EM{of}", ended), (f"Log-likelihood{of}", numeral(last.log_likelihood, ".3f"))]
        if experiment:
            free = n_parameters(last.mixture.n_components, D, experiment.covariance)
            found.append((f"BIC{of}", numeral(bic(last.log_likelihood, free, N), ".1f")))
    return found


def components(taken: Taken) -> list[Table]:
    """Return a table of each run's components at its end."""
    return [
        Table(
            f"The components at the end{f', {name}' if name else ''}",
            *component_rows(run.states[-1], dataset.columns),
        )
        for run, dataset, _, name in taken.fits
    ]


def component_rows(state: State, features: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """Return a table of a mixture's components: the columns' names, and a row of texts for each.

    Of more than `MOST_FEATURES` features it has no variances and covariances.
    """
    weights, means, covariances = state.mixture.weights, state.mixture.means, state.mixture.covariances
    K, D = means.shape
    header, columns = ["component", "weight"], [weights]
    header += [f"mean {name}" for name in features]
    columns += list(means.T)
    if D <= MOST_FEATURES:
        pairs = [(i, j) for i in range(D) for j in range(i, D)]
        header += [
            f"variance {features[i]}" if i == j else f"covariance {features[i]}, {features[j]}"
            for i, j in pairs
        ]
        columns += [covariances[:, i, j] for i, j in pairs]
    rows = np.column_stack(columns)
    return header, [[str(k + 1), *(numeral(value, ".6g") for value in rows[k])] for k in range(K)]
