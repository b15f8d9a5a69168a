"""The film's document, read as a browser's parser reads it: what it holds, and that texts stay texts."""

import gzip
import json
import re
import tomllib
from base64 import b64decode
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from gmmviz.datasets import Dataset
from gmmviz.em import fit
from gmmviz.figures.document import PLAYER, UI, Table, Told, as_json, film_document
from gmmviz.figures.scene import scene_film
from gmmviz.plain import in_figure
from gmmviz.starts import start

HOSTILE = "</script></title></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;$title<!--"
VALUED = re.compile(r'--st-([\w-]+)"?: "?(#[0-9a-f]{6})')
PLOTLY = Path(find_spec("plotly").origin).parent / "package_data" / "plotly.min.js"


class Read(HTMLParser):
    """A document's scripts by their ids, its texts, and all its tags with what they have."""

    def __init__(self, document: str):
        super().__init__()
        self.tags, self.scripts, self.texts, self._inside = [], {}, [], []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        while self._inside and self._inside.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tag, has = self._inside[-1] if self._inside else ("", {})
        if tag == "script":
            self.scripts[has.get("id")] = self.scripts.get(has.get("id"), "") + data
        elif data.strip():
            self.texts.append((tag, data.strip()))

    def of(self, tag):
        return [text for name, text in self.texts if name == tag]


def shown(columns=("x1", "x2"), N=40):
    X = np.random.default_rng(0).normal(size=(N, 2))
    dataset = Dataset("", X, None, "", columns, True, fixed=True)
    return scene_film(dataset, fit(X, start(X, 2, "random-points"), reg_covar=1e-3, max_iter=4))


def test_it_holds_the_film_as_it_was_given_and_where_it_opens():
    figure = shown()
    read = Read(film_document(figure, iteration=3, told=Told("Two groups")))
    payload = json.loads(read.scripts["film-payload"])
    assert payload["figure"] == json.loads(json.dumps(figure))
    assert payload["iteration"] == 3
    assert set(read.scripts) == {"film-payload", "film-plotly", None}


def test_it_holds_the_installed_plotly_and_asks_for_nothing_else():
    read = Read(film_document(shown(), told=Told("Two groups")))
    assert gzip.decompress(b64decode(read.scripts["film-plotly"])) == PLOTLY.read_bytes()
    assert not [has for _, has in read.tags if {"src", "href", "action", "data"} & has.keys()]
    (policy,) = (has["content"] for tag, has in read.tags if tag == "meta" and "http-equiv" in has)
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy
    assert "connect-src" not in policy


def test_texts_from_outside_stay_texts():
    told = Told(
        f"title {HOSTILE}",
        f"question {HOSTILE}",
        [(f"name {HOSTILE}", f"value {HOSTILE}")],
        [(f"number {HOSTILE}", "1")],
        [Table(f"table {HOSTILE}", [f"column {HOSTILE}"], [[f"cell {HOSTILE}"]])],
        f"javascript:{HOSTILE}",
    )
    read = Read(film_document(shown((HOSTILE, "x2")), told=told))
    plain = Read(film_document(shown(), told=told._replace(address="")))
    assert read.of("h1") == [told.title]
    assert f"name {HOSTILE}" in read.of("th")
    assert {f"value {HOSTILE}", f"cell {HOSTILE}"} <= set(read.of("td"))
    assert f"javascript:{HOSTILE}" in read.of("p")
    assert json.loads(read.scripts["film-payload"])["figure"]["layout"]["xaxis"]["title"][
        "text"
    ] == in_figure(HOSTILE)
    tags = [tag for tag, _ in read.tags]
    assert tags.count("script") == 3
    assert not {"img", "a"} & set(tags)
    assert sorted(tags) == sorted([*(tag for tag, _ in plain.tags), "section", "h2", "p"])


def test_settings_numbers_and_address_are_told():
    address = "http://localhost:8501/?k=2&n=40"
    table = Table("Components", ["component", "weight"], [["1", "0.4"], ["2", "0.6"]])
    told = Told("Two groups", "Which?", [("Points", "40")], [("EM", "4 iterations")], [table], address)
    read = Read(film_document(shown(), told=told))
    assert read.of("h2") == ["Settings", "Numbers", "Components", "Where it came from"]
    assert read.of("th") == ["Points", "EM", "component", "weight"]
    assert read.of("td") == ["40", "4 iterations", "1", "0.4", "2", "0.6"]
    assert [has["href"] for tag, has in read.tags if tag == "a"] == [address]
    assert any("data-take" in has for _, has in read.tags)


def test_without_words_there_is_the_film_alone():
    read = Read(film_document(shown()))
    tags = [tag for tag, _ in read.tags]
    assert not {"h1", "h2", "noscript", "table", "progress"} & set(tags)
    assert "hidden" in next(has for tag, has in read.tags if tag == "main")


def test_it_is_as_large_as_half_of_plotly_and_the_film():
    """20 000 points are 320 kB of numbers, and 4/3 of that as text."""
    small, large = (len(film_document(shown(N=N))) for N in (40, 20_000))
    assert small < 0.5 * PLOTLY.stat().st_size
    assert 0 < large - small - (20_000 - 40) * 16 * 4 / 3 < 5000


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        film_document(shown() | {"more": float("nan")})


@pytest.mark.parametrize("text", ["</script>", "<!--<script>", "\u2028", "ü &lt;", "\\u003c", '"'])
def test_json_says_the_same_and_ends_no_script(text):
    written = as_json({text: [text]})
    assert json.loads(written) == {text: [text]}
    assert "<" not in written


def test_a_file_and_its_pictures_have_the_pages_own_theme():
    """As .streamlit/config.toml has it, which no installed package can read."""
    theme = tomllib.loads((UI.parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    style = (PLAYER / "document.css").read_text(encoding="utf-8")
    light, dark = (colours_in(part) for part in style.partition("@media (prefers-color-scheme: dark)")[::2])
    studio = colours_in((PLAYER / "modules" / "studio.js").read_text(encoding="utf-8"))
    assert len(light) == len(dark) == 7
    assert studio.items() <= light.items()
    assert len(studio) == 5
    for found, scheme in ((light, "light"), (dark, "dark")):
        assert found.items() <= theme[scheme].items()


def colours_in(text):
    """The colours that a style sheet or a module names, by Streamlit's own names for them."""
    camel = re.compile(r"-(\w)")
    return {camel.sub(lambda found: found[1].upper(), name): colour for name, colour in VALUED.findall(text)}
