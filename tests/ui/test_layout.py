"""What all pages share around what they show: the style sheets, and the navigation."""

import re
from pathlib import Path

from gmmviz.pages import PAGES
from gmmviz.ui import layout


def words(css):
    """What a sheet says, without its comments."""
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).split()


def test_the_sheets_are_one_line_with_every_rule():
    sheets = [Path(layout.__file__).with_name(name).read_text(encoding="utf-8") for name in layout.SHEETS]
    assert layout._sheets().split() == [word for sheet in sheets for word in words(sheet)]
    assert "\n" not in layout._sheets()
    assert not [text for sheet in sheets for text in re.findall(r'"[^"\n]*"', sheet) if "  " in text]


def test_each_run_has_pages_of_its_own_which_are_looked_for_once(monkeypatch):
    """Streamlit marks the one that may run: another session's run must not hear of that."""
    made, given = [], []

    class Made:
        def __init__(self, script, **options):
            made.append((script, options["url_path"]))

    monkeypatch.setattr(layout.st, "Page", Made)
    monkeypatch.setattr(layout.st, "navigation", lambda pages, position: given.append(pages) or pages[0])
    layout._made.cache_clear()
    try:
        for _ in range(2):
            assert layout.navigation(PAGES) is given[-1][0]
    finally:
        layout._made.cache_clear()
    assert made == [(page.script, "" if page.default else None) for page in PAGES]
    one, other = given
    assert len(one) == len(other) == len(PAGES)
    assert not any(a is b for a, b in zip(one, other, strict=True))
