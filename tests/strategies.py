"""Hypothesis strategies that several tests share."""

from hypothesis import strategies as st

from gmmviz.experiment import SETTINGS, Experiment


def valid_values(name: str) -> st.SearchStrategy:
    """Every valid value of a setting."""
    setting = SETTINGS[name]
    if setting.choices is not None:
        return st.sampled_from(list(setting.choices))
    if setting.kind is int:
        return st.integers(setting.low, setting.high)
    return st.none() | st.floats(setting.low, setting.high)


def experiments() -> st.SearchStrategy:
    """Every experiment, built from the table: about half of the settings at their defaults."""
    return st.fixed_dictionaries({}, optional={name: valid_values(name) for name in SETTINGS}).map(
        lambda settings: Experiment(**settings)
    )
