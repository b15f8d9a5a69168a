"""Each kind of setting has its widget, with the row's label, range and help."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from gmmviz.pages.choose_k.settings import ChooseK
from gmmviz.pages.compare.settings import Compare
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.k_means.settings import KMeans
from gmmviz.pages.one_dimension.settings import OneDimension
from gmmviz.settings import Setting
from gmmviz.ui import controls


def script(module, table, names, **options):
    """Draw the widgets of some settings."""
    from importlib import import_module

    import streamlit as st

    from gmmviz.ui import controls, session

    if "choose" in options:
        options["choose"] = getattr(st, options["choose"])
    defaults = getattr(import_module(module), table)()
    session.current().navigated = True
    session.begin("a page", defaults)
    for name in names:
        controls.control(name, **options)
    session.collect()


def drawn(defaults, *names, **options):
    kwargs = {"module": type(defaults).__module__, "table": type(defaults).__name__, "names": names}
    at = AppTest.from_function(script, kwargs=kwargs | options, default_timeout=30).run()
    assert not at.exception
    return at


@pytest.mark.parametrize(
    ("defaults", "name", "kind"),
    [
        (Explorer(), "dataset", "selectbox"),
        (Explorer(), "floor", "select_slider"),
        (KMeans(), "v", "select_slider"),
        (Explorer(), "k", "slider"),
        (Explorer(), "n", "number_input"),
        (Explorer(), "noise", "number_input"),
        (KMeans(), "px", "number_input"),
        (OneDimension(), "means", "text_input"),
        (OneDimension(), "points", "text_area"),
        (ChooseK(), "guess", "slider"),
        (ChooseK(), "restarts", "number_input"),
    ],
)
def test_the_widget_is_chosen_by_the_kind(defaults, name, kind):
    row = defaults.table()[name]
    (widget,) = getattr(drawn(defaults, name), kind)
    assert (widget.key, widget.label, widget.help) == (name, row.label, row.help)
    assert widget.value == defaults.shown()[name]
    if kind in ("slider", "number_input"):
        assert (widget.min, widget.max, widget.step) == (row.low, row.high, row.step)
    if kind in ("selectbox", "select_slider"):
        assert widget.options == list(row.choices.values())


def test_a_number_that_may_be_left_out_can_be_emptied():
    at = drawn(KMeans(), "px", placeholder="0.25")
    (field,) = at.number_input
    assert field.placeholder == "0.25"
    assert field.set_value(2.5).run().session_state.px == 2.5
    assert at.number_input[0].set_value(None).run().session_state.px is None


def test_a_span_is_a_slider_with_two_ends():
    at = drawn(ChooseK(), "ks")
    (slider,) = at.slider
    assert (slider.value, slider.min, slider.max) == ((1, 6), 1, 30)
    assert slider.set_value((3, 9)).run().session_state.ks == (3, 9)


def test_of_several_at_least_one_stays():
    at = drawn(ChooseK(), "types")
    row = ChooseK.table()["types"]
    (pills,) = at.get("button_group")
    assert (pills.key, pills.label, pills.help) == ("types", row.label, row.help)
    assert [option.content for option in pills.proto.options] == list(row.choices.values())
    assert pills.value == list(row.choices)
    pills.set_value(["tied"]).run()
    assert at.session_state.types == ["tied"]
    at.get("button_group")[0].set_value([]).run()
    assert not at.exception
    assert at.session_state.types == at.get("button_group")[0].value == ["tied"]


def test_a_number_can_be_drawn_as_a_field():
    at = drawn(ChooseK(), "guess", choose="number_input")
    (field,) = at.number_input
    assert (field.key, field.value, field.min, field.max, field.step) == ("guess", 0, 0, 30, 1)


def test_what_is_not_drawn_for_a_while_keeps_its_value():
    """Streamlit does that; it would otherwise forget a widget that is not drawn."""
    at = drawn(Explorer(), "k", "n")
    at.slider[0].set_value(7).run()
    at.number_input[0].set_value(60).run()
    at.args, at.kwargs = (), at.kwargs | {"names": ("n",)}
    at = again(at)
    assert (len(at.slider), at.session_state.k) == (0, 7)
    at.kwargs = at.kwargs | {"names": ("k", "n")}
    assert again(at).slider[0].value == 7


def again(at):
    at.run()
    at.run()
    assert not at.exception
    return at


def test_a_kind_without_a_widget_says_what_to_do():
    class Strange(Setting):
        read = nearest = check = says = None

    with pytest.raises(TypeError, match="register one for Strange"):
        controls.draw(Strange(1, "Strange", "Is it?"))


def test_a_row_can_be_drawn_with_a_range_of_its_own():
    row = replace(Explorer.table()["member"], high=4)
    assert row.high - row.low < controls.FEW


def test_a_list_of_dozens_is_not_chosen_whole():
    (field,) = drawn(Compare(), "values", options=["a", "b"]).multiselect
    assert field.proto.select_all == 0
