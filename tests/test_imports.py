"""Imports run one way, and only where the package says so: each module is imported in an interpreter of its own."""

import ast
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

import gmmviz

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "gmmviz"

#: How high a module or folder of the package stands: it may import its own level and those below. What is not named
#: here belongs to the engine if `gmmviz.em` loads it, and otherwise stands with the figures.
LEVELS = {
    "em": 1,
    "kernels": 1,
    "validation": 1,
    "kmeans": 1,
    "geometry": 2,
    "starts": 2,
    "datasets": 2,
    "ui": 4,
}
ENGINE, FIGURES = 1, 3


def module_names() -> list[str]:
    paths = (path.relative_to(ROOT).with_suffix("") for path in PACKAGE.rglob("*.py"))
    return sorted(".".join(path.parts).removesuffix(".__init__") for path in paths)


MODULES = [name for name in module_names() if name != "gmmviz"]
OUTSIDE_UI = [name for name in MODULES if name.split(".")[1] != "ui"]
SCRIPTS = sorted([ROOT / "app.py", *(ROOT / "pages").glob("*.py")])


def loaded_after(statement: str) -> set[str]:
    """Names in sys.modules of a fresh interpreter after a statement."""
    program = f"{statement}\nimport sys\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split("\n"))


@cache
def loaded_by_each_module() -> dict[str, set[str]]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(loaded_after, [f"import {name}" for name in MODULES])
    return dict(zip(MODULES, found, strict=True))


@cache
def loaded_by_nothing() -> set[str]:
    return {name.split(".")[0] for name in loaded_after("")}


def third_party(loaded: set[str]) -> set[str]:
    roots = {name.split(".")[0] for name in loaded if name}
    return roots - sys.stdlib_module_names - loaded_by_nothing() - {"gmmviz"}


def level(name: str) -> int:
    unnamed = ENGINE if name in loaded_by_each_module()["gmmviz.em"] else FIGURES
    return LEVELS.get(name.split(".")[1], unnamed)


def test_the_package_itself_loads_nothing():
    assert third_party(loaded_after("import gmmviz")) == set()


def test_the_engine_needs_numpy_alone():
    needs = {name: third_party(loaded_by_each_module()[name]) for name in MODULES if level(name) == ENGINE}
    assert {"gmmviz.em", "gmmviz.kernels", "gmmviz.validation"} <= set(needs)
    assert {name: needed for name, needed in needs.items() if needed - {"numpy"}} == {}


@pytest.mark.parametrize("name", OUTSIDE_UI)
def test_nothing_outside_ui_loads_streamlit(name):
    assert "streamlit" not in loaded_by_each_module()[name]


@pytest.mark.parametrize("name", [name for name in OUTSIDE_UI if name.split(".")[1] != "figures"])
def test_nothing_but_pictures_loads_plotly(name):
    assert "plotly" not in loaded_by_each_module()[name]


@pytest.mark.parametrize("name", MODULES)
def test_imports_run_downwards(name):
    ours = {other for other in loaded_by_each_module()[name] if other.startswith("gmmviz.")}
    assert {other for other in ours if level(other) > level(name)} == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_pages_import_no_page(script):
    pages = {"pages", "app", *(path.stem for path in SCRIPTS)}
    nodes = list(ast.walk(ast.parse(script.read_text(encoding="utf-8"))))
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name for name in imported if name.split(".")[0] in pages} == set()


# The public names.


@pytest.mark.parametrize("name", sorted(gmmviz.__all__))
def test_public_names_are_there(name):
    assert name in dir(gmmviz)
    assert getattr(gmmviz, name).__name__.split(".")[-1] == name


def test_other_names_are_refused():
    with pytest.raises(AttributeError, match="module 'gmmviz' has no attribute 'fitt'"):
        _ = gmmviz.fitt
