"""What the page Restarts computes and draws."""

import json
import re
from urllib.parse import unquote

import numpy as np
import plotly.graph_objects as go
import pytest

from gmmviz.figures.arrays import unpacked
from gmmviz.pages.restarts.figure import (
    CURVES,
    SINGLED_OUT,
    STOPS,
    fan_figure,
    pictures,
    restart_film,
    singled_out,
)
from gmmviz.pages.restarts.numbers import (
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
from gmmviz.restarts import optima, share_interval, starts_needed
from gmmviz.theme import PALETTE

SETTINGS = Restarts(dataset="tutorial-five", k=5, starts=60)


@pytest.fixture(scope="module")
def found():
    """The dataset, the restarts and their groups."""
    dataset = SETTINGS.data()
    one = sweep(SETTINGS, dataset.X)
    one.advance(60)
    return dataset, one.done, optima(one.done, len(dataset.X), SETTINGS.tol)


def test_reach_counts_the_starts_of_its_own_way(found):
    _, restarts, groups = found
    hits = len(groups[0].members)
    said = reach(groups[0], restarts)
    assert (said.hits, said.starts, said.share) == (hits, 60, hits / 60)
    low, high = share_interval(hits, 60)
    assert said.interval == (low, high)
    assert (said.needed, said.fewest, said.most) == tuple(map(starts_needed, (hits / 60, high, low)))
    assert said.fewest < said.needed < said.most
    assert said.iterations == np.median([one.iterations for one in restarts])
    others = [one._replace(method="k-means") for one in restarts]
    assert reach(groups[0], others).hits == 0
    assert reach(groups[0], others).most is None
    assert reach(groups[0], restarts, certain=True).interval == (hits / 60, hits / 60)


def test_a_sweep_is_the_same_whatever_is_shown_of_it():
    shown = Restarts(starts=300, play=7, it=3, frames="whole")
    assert swept(shown) == Restarts()
    assert swept(Restarts(k=4, play=2)) == Restarts(k=4)


def test_ward_is_one_start_unless_it_samples():
    assert n_starts(Restarts(init="hierarchical"), 5000) == 1
    assert n_starts(Restarts(init="hierarchical"), 5001) == n_starts(Restarts(), 300) == 100


def test_groups_are_found_by_their_starts(found):
    groups = found[2]
    assert best_of(groups) is groups[0]
    assert best_of([]) is None
    assert best_of([groups[0]._replace(kind="spurious")]) is None
    for group in groups:
        assert group_of(groups, leader(group)) is group
        assert (leader(group), group.log_likelihood) in [(m.number, m.log_likelihood) for m in group.members]
    assert group_of(groups, 999) is None


def test_a_run_in_the_order_of_the_best_is_the_same_run(found):
    dataset, _, groups = found
    number = leader(groups[2])
    assert single(SETTINGS, number).init_seed == number
    run = single(SETTINGS, number).run(dataset.X)
    shown = in_order_of(run, groups[0])
    assert [s.log_likelihood for s in shown.states] == [s.log_likelihood for s in run.states]
    np.testing.assert_allclose(shown.states[-1].mixture.means, groups[2].mixture.means, rtol=1e-6)


def test_the_fan_has_a_line_and_bars_for_each_group_and_counts_every_start(found):
    _, restarts, groups = found
    figure = json.loads(json.dumps(fan_figure(groups, groups[3])))
    go.Figure(figure)
    lines, bars = ([t for t in figure["data"] if t["type"] == kind] for kind in ("scatter", "bar"))
    assert [line["name"] for line in lines] == ["others", *"HGFECBAD"]  # the chosen one over all
    assert sum(unpacked(bar["x"]).sum() for bar in bars) == 60
    for line in lines:
        assert len(unpacked(line["x"])) <= CURVES * (STOPS + 1)
    best = next(line for line in lines if line["name"] == "A")
    y = unpacked(best["y"])
    ends = y[np.flatnonzero(np.isnan(y)) - 1]
    np.testing.assert_allclose(ends, [member.log_likelihood for member in groups[0].members[:CURVES]])
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < min(one.log_likelihood for one in restarts) < groups[0].log_likelihood < high
    assert {line["line"]["color"] for line in lines}.isdisjoint(PALETTE)
    assert best["opacity"] == 1 > max(line["opacity"] for line in lines if line is not best)


def test_what_is_no_optimum_is_dotted_and_never_dark(found):
    odd = [group._replace(kind="spurious") for group in found[2][:2]]
    for trace in fan_figure(odd)["data"]:
        if trace["type"] == "scatter":
            assert trace["line"]["dash"] == "dot"
            assert trace["opacity"] < 1
        else:
            assert "pattern" in trace["marker"]


def test_pictures_have_an_ellipse_for_each_component_in_its_colour_and_say_the_numbers(found):
    dataset, restarts, groups = found
    html = pictures(dataset, groups, len(restarts))
    cards = re.findall(r"<figure.*?</figure>", html)
    assert len(cards) == SINGLED_OUT
    for card in cards:
        svg = unquote(card)
        assert [colour for colour in PALETTE if f'stroke="{colour}"' in svg] == PALETTE[:5]
        assert 'alt="' in card
    assert "<em>best</em>" in cards[0]
    assert f"{100 * len(groups[0].members) / 60:.0f} % of starts" in cards[0]
    assert "−4,312.87" in cards[0]
    assert "best" not in cards[1]
    spurious = pictures(dataset, [groups[0]._replace(kind="spurious")], 60)
    assert "<em>at the floor</em>" in spurious
    collapsed = pictures(dataset, [groups[0]._replace(kind="collapsed")], 60)
    assert PALETTE[0] not in unquote(collapsed)


def test_the_film_has_the_other_curves_under_its_own_and_room_for_the_best(found):
    dataset, _, groups = found
    lower = groups[-1]
    run = single(SETTINGS, leader(lower)).run(dataset.X)
    film = restart_film(dataset, run, groups)
    points, *beside, own = film["data"]
    assert (points["name"], own["name"]) == ("points", "log-likelihood")
    assert {(one["xaxis"], one["yaxis"]) for one in beside} == {("x2", "y2")}
    assert film["layout"]["yaxis2"]["range"][1] > groups[0].log_likelihood


def test_what_is_no_optimum_has_a_place_among_many_that_are(found):
    groups = found[2][:9]
    odd = [group._replace(kind="spurious") for group in groups[6:9]]
    assert [name for name, _ in singled_out(groups)] == list("ABCDEFGH")
    assert [name for name, _ in singled_out(groups[:8] + odd)] == list("ABCDEFIJ")
    assert [name for name, _ in singled_out(groups[:1] + odd)] == list("ABCD")
    lines = [trace["name"] for trace in fan_figure(groups[:8] + odd)["data"] if trace["type"] == "scatter"]
    assert {"others", "others, no optima"} <= set(lines)
