"""Results, cached by the settings they depend on. All are immutable or only read, so sessions may share them.

Streamlit keeps the results of a function under its module, its name and its source, and each by its arguments. The repr
of settings names their class and each of them, so it is the key; the object itself is passed unhashed.
"""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature

import streamlit as st

from gmmviz.datasets import Dataset
from gmmviz.em import Run
from gmmviz.settings import Settings

FILMS = 32  # films, and what takes long, that are kept of a kind


def result(*parts: str, max_entries: int = 64, spinner: str | bool = False) -> Callable:
    """Return a decorator that caches what a function makes of settings by the parts of them that decide it.

    The function takes settings, and perhaps more, all hashable. It gets the settings reduced to these parts, so that it
    cannot depend on others.

    Parameters
    ----------
    *parts : {"data", "run", "view"}
        What it depends on.
    max_entries : int
        How many results are kept; the oldest go first.
    spinner : str or bool
        What is said while it takes its time.
    """

    def decorate(compute: Callable) -> Callable:
        @wraps(compute)  # else all results would share one cache
        def keyed(key, _settings, *arguments):
            return compute(_settings, *arguments)

        # For Streamlit to see which arguments count: all but the settings themselves, whose name has an underscore.
        first, *others = signature(compute).parameters.values()
        unhashed = first.replace(name="_settings", kind=Parameter.POSITIONAL_OR_KEYWORD)
        names = [Parameter("key", Parameter.POSITIONAL_OR_KEYWORD), unhashed, *others]
        keyed.__signature__ = signature(compute).replace(parameters=names)
        cached = st.cache_resource(keyed, max_entries=max_entries, show_spinner=spinner)

        @wraps(compute)
        def cached_by_settings(settings: Settings, *arguments):
            part = settings.reduced_to(*parts)
            return cached(repr(part), part, *arguments)

        return cached_by_settings

    return decorate


@result("data")
def dataset_of(settings: Settings) -> Dataset:
    """Return the settings' dataset."""
    return settings.data()


@result("data", "run")
def run_of(settings: Settings) -> Run:
    """Return the settings' run of EM."""
    return settings.run(dataset_of(settings).X)
