"""Forty addresses of version 1 keep their meaning: what they open to was written down when they were made."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from gmmviz.numerals import numeral
from gmmviz.pages.collapse.settings import Collapse
from gmmviz.pages.density.settings import Density
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.k_means.numbers import paired_runs
from gmmviz.pages.k_means.settings import KMeans
from gmmviz.pages.one_dimension.settings import OneDimension
from tests.session import Session

ADDRESSES = json.loads((Path(__file__).parent / "data" / "addresses.json").read_text(encoding="utf-8"))
SETTINGS = {
    "explorer": Explorer,
    "one-dimension": OneDimension,
    "k-means": KMeans,
    "density": Density,
    "collapse": Collapse,
}


def runs_of(settings):
    """Return EM's run, and k-means' where the page has one."""
    X = settings.data().X
    if isinstance(settings, SETTINGS["k-means"]):
        both = paired_runs(settings, X)
        return both.em, both.kmeans
    return settings.run(X), None


def assert_close(found, expected):
    """Equal up to 1e-9 of themselves; of several numbers, up to 1e-9 of the largest."""
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())


def in_words(iterations):
    return f"{iterations} iteration{'s' * (iterations != 1)}**"


@pytest.mark.parametrize("then", ADDRESSES, ids=lambda then: ascii(f"{then['page']} {then['query']}")[:80])
def test_an_address_opens_to_what_it_always_opened_to(then):
    session = Session(then["query"] | {"version": "1"}, f"pages/{then['page']}.py")
    assert session.errors == []
    seed = then["settings"].get("data_seed") if "data_seed" in SETTINGS[then["page"]].table() else None
    changed = (
        {"data_seed": "170"} if seed == 170 != SETTINGS[then["page"]]().data_seed else {}
    )  # version 1's default
    assert session.address == changed | then["address"]
    assert session.version == ("2" if session.address else None)
    assert session.notices == then["notices"]

    settings, corrections = SETTINGS[then["page"]].from_query(session.address)
    found, since = json.loads(json.dumps(asdict(settings))), {"dots": [], "placed": []}
    assert found == {name: value for name, value in since.items() if name in found} | then["settings"]
    assert list(corrections) == []
    shown = settings.shown()
    assert {name: widget.value for name, widget in session.widgets.items() if name in shown} == {
        name: shown[name] for name in session.widgets if name in shown
    }

    em, k_means = runs_of(settings)
    last, expected = em.states[-1], then["run"]
    assert (last.iteration, em.stop_reason) == (expected["iterations"], expected["stop_reason"])
    assert_close(last.log_likelihood, expected["log_likelihood"])
    assert_close(last.mixture.weights[: len(expected["weights"])], expected["weights"])
    assert_close(last.mixture.means[: len(expected["means"])], expected["means"])
    assert in_words(expected["iterations"]) in session.words
    digits = 3 if k_means is None else 2
    assert numeral(expected["log_likelihood"], f".{digits}f") in session.words

    if k_means is not None:
        last, expected = k_means.states[-1], then["k_means"]
        assert (last.iteration, k_means.stop_reason) == (expected["iterations"], expected["stop_reason"])
        assert_close(last.inertia, expected["inertia"])
        assert f"K-means: {in_words(expected['iterations'])}" in session.words
        assert f"inertia **{numeral(expected['inertia'], '.2f')}**" in session.words


def test_the_forty_are_forty_and_of_every_page():
    assert len(ADDRESSES) == 40
    assert {then["page"] for then in ADDRESSES} == SETTINGS.keys()
    reasons = {then["run"]["stop_reason"] for then in ADDRESSES}
    assert reasons == {"converged", "max_iter", "decreased", "collapsed"}
