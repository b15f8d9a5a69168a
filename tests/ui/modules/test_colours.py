"""colours.js: codes become the colours of Plotly's scales, and fade from one to another."""

import numpy as np
import pytest

from gmmviz.figures.codes import code_steps
from gmmviz.theme import GREY, PALETTE, belonging_scale, rgb

COLOURS = {"palette": [rgb(colour) for colour in PALETTE], "grey": rgb(GREY)}


def parts(packed) -> np.ndarray:
    """Red, green and blue (N, 3) of packed colours (N,), which are all opaque."""
    packed = np.array(packed, dtype=np.uint32)
    assert (packed >> 24 == 255).all()
    return np.stack([packed & 255, packed >> 8 & 255, packed >> 16 & 255], axis=-1).astype(int)


def scaled(stops, places) -> np.ndarray:
    """A Plotly colour scale's colours (N, 3) at places (N,) from 0 to 1."""
    at, colours = zip(*stops, strict=True)
    return np.stack([np.interp(places, at, part) for part in np.array([rgb(c) for c in colours]).T], axis=-1)


@pytest.mark.parametrize("faded", [True, False])
@pytest.mark.parametrize("K", [1, 2, 3, 16, 30])
def test_codes_have_the_colours_of_the_plain_figure(run_js, K, faded):
    table = parts(run_js("return colours.belongingTable(given.palette, given.grey, given.K, given.faded)",
                         COLOURS | {"K": K, "faded": faded}))  # fmt: skip
    steps = code_steps(K)
    codes = np.arange(K * steps)
    at_ends = codes % steps == steps - 1  # there Plotly's scale is a hair's breadth into the next component
    expected = scaled(belonging_scale(K, faded), codes / (K * steps))
    assert (abs(table[: K * steps] - expected)[~at_ends] <= 1).all()
    assert (table[: K * steps][at_ends] == COLOURS["palette"][:K]).all()
    if faded:
        component, share = np.divmod(codes, steps)
        palette, grey = np.array(COLOURS["palette"])[component], np.array(COLOURS["grey"])
        exact = grey + share[:, None] / (steps - 1) * (palette - grey)
        assert (abs(table[: K * steps] - exact) <= 0.5 + 1e-9)[1:].all()
    assert tuple(table[0]) == COLOURS["grey"]
    assert (table[K * steps :] == COLOURS["palette"][K - 1]).all()


def test_other_tables(run_js):
    shares, numbers, scale = run_js(
        """const [one, other, third] = given.palette;
        return [colours.shareTable(other, given.grey), colours.numberTable([third, one]),
                colours.scaleTable([[0, one], [0.25, other], [1, third]])]""",
        COLOURS,
    )
    assert (abs(parts(shares) - scaled([[0, GREY], [1, PALETTE[1]]], np.arange(256) / 255)) <= 0.5).all()
    assert parts(numbers).tolist() == [list(rgb(PALETTE[2])), list(rgb(PALETTE[0]))]
    stops = [[0, PALETTE[0]], [0.25, PALETTE[1]], [1, PALETTE[2]]]
    assert (abs(parts(scale) - scaled(stops, np.arange(256) / 255)) <= 0.5 + 1e-9).all()


def test_colours_fade_each_in_its_own_line(run_js):
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, 65536, (2, 500))
    shares = [0, 0.1, 0.37, 0.5, 0.99, 1, -1, 2]
    table, found = run_js(
        """const table = colours.belongingTable(given.palette, given.grey, 3);
        const codes = [given.one, given.other].map((codes) => codes && Uint16Array.from(codes));
        return [table, given.shares.map((share) => colours.fade(table, ...codes, share, new Uint32Array(500)))]""",
        COLOURS | {"one": one.tolist(), "other": other.tolist(), "shares": shares},
    )
    table = parts(table)
    for share, colours in zip(shares, found, strict=True):
        share = min(1, max(0, share))
        expected = (1 - share) * table[one] + share * table[other]
        assert (abs(parts(colours) - expected) <= (1 if 0 < share < 1 else 0)).all()


def test_who_changes_the_component_fades_through_the_mix_of_both(run_js):
    found = run_js(
        """const table = colours.belongingTable(given.palette, given.grey, 3);
        const [one, other] = [21844, 3 * 21845 - 1].map((code) => Uint16Array.of(code));
        return colours.fade(table, one, other, 0.5, new Uint32Array(1))""",
        COLOURS,
    )
    mix = (np.array(rgb(PALETTE[0])) + rgb(PALETTE[2])) / 2
    assert (abs(parts(found)[0] - mix) <= 1).all()


def test_the_start_is_uncoloured(run_js):
    before, half, after, never = run_js(
        """const table = colours.belongingTable(given.palette, given.grey, 2);
        const codes = Uint16Array.of(32767, 65535), out = () => new Uint32Array(2);
        return [[null, codes, 0], [null, codes, 0.5], [codes, null, 0], [null, null, 0.3]].map(
          ([from, to, share]) => colours.fade(table, from, to, share, out()))""",
        COLOURS,
    )
    assert parts(before).tolist() == parts(never).tolist() == [list(rgb(GREY))] * 2
    assert parts(after).tolist() == [list(rgb(PALETTE[0])), list(rgb(PALETTE[1]))]
    assert (abs(parts(half) - (parts(before) + parts(after)) / 2) <= 1).all()
