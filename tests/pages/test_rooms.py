"""The house: a room and a script for each page of the table, which the README lists."""

import re
from importlib import import_module
from pathlib import Path

from gmmviz.pages import PAGES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "gmmviz"
ROOMS = [page.name.replace("-", "_") for page in PAGES]


def test_every_page_has_a_script_of_two_lines_and_a_room():
    assert sorted(path.name for path in (ROOT / "pages").iterdir() if path.is_file()) == sorted(
        f"{page.name}.py" for page in PAGES
    )
    for page, room in zip(PAGES, ROOMS, strict=True):
        doc, *lines = filter(None, (ROOT / page.script).read_text(encoding="utf-8").splitlines())
        assert doc.startswith('"""')
        assert lines == [f"from gmmviz.pages.{room}.page import show", "show()"]
        for name in ("settings", "page", *(("numbers", "figure") if page.film else ())):
            assert (PACKAGE / "pages" / room / f"{name}.py").is_file(), (room, name)
        assert callable(import_module(f"gmmviz.pages.{room}.page").show)


def test_only_the_first_page_is_the_default():
    assert [page.default for page in PAGES] == [True] + [False] * (len(PAGES) - 1)


def test_the_readme_lists_the_pages():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[(.+)\]\((pages/.+\.py)\) \| (.+) \|$", readme, re.MULTILINE)
    assert listed == [(page.title, page.script, page.purpose) for page in PAGES]
