"""The house: a room for each page of the table, nothing of it outside, and nobody imports what stands above him."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from gmmviz.pages import PAGES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "gmmviz"
ROOMS = [page.name.replace("-", "_") for page in PAGES]
BELOW_PAGES = [
    *(PACKAGE / "ui").rglob("*.py"),
    *(PACKAGE / "figures").glob("*.py"),
    *(PACKAGE / f"{name}.py" for name in ("settings", "corrections", "experiment", "words")),
]


def imported_by(path):
    """The modules that a file imports, also those behind TYPE_CHECKING and in functions, and names from them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_page_has_a_script_of_two_lines_and_a_room():
    assert sorted(path.name for path in (ROOT / "pages").iterdir() if path.is_file()) == sorted(
        f"{page.name}.py" for page in PAGES
    )
    for page, room in zip(PAGES, ROOMS, strict=True):
        doc, *lines = filter(None, (ROOT / page.script).read_text(encoding="utf-8").splitlines())
        assert doc.startswith('"""')
        assert lines == [f"from gmmviz.pages.{room}.page import show", "show()"]
        for name in ("settings", "numbers", "figure", "page"):
            assert (PACKAGE / "pages" / room / f"{name}.py").is_file(), (room, name)
        assert callable(import_module(f"gmmviz.pages.{room}.page").show)


def test_only_the_first_page_is_the_default():
    assert [page.default for page in PAGES] == [True] + [False] * (len(PAGES) - 1)


def test_the_readme_lists_the_pages():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[(.+)\]\((pages/.+\.py)\) \| (.+) \|$", readme, re.MULTILINE)
    assert listed == [(page.title, page.script, page.purpose) for page in PAGES]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_no_other_and_only_its_page_imports_streamlit(room):
    others = tuple(f"gmmviz.pages.{other}." for other in ROOMS if other != room)
    for path in (PACKAGE / "pages" / room).glob("*.py"):
        found = list(imported_by(path))
        assert not [name for name in found if name.startswith(others)], path
        assert any(name.startswith("streamlit") for name in found) == (path.name == "page.py"), path


@pytest.mark.parametrize("path", BELOW_PAGES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_pages_share_knows_no_page(path):
    assert not [name for name in imported_by(path) if name.startswith("gmmviz.pages")]


@pytest.mark.parametrize("path", BELOW_PAGES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_ui_imports_streamlit_and_only_pictures_plotly(path):
    roots = {name.split(".")[0] for name in imported_by(path)}
    assert "streamlit" not in roots or path.is_relative_to(PACKAGE / "ui")
    assert "plotly" not in roots or path.parent.name in ("figures", "player")
