"""Imports run one way, read from the source (in functions and under TYPE_CHECKING too) and seen at run time."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import gmmviz

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "gmmviz"

LAYERS = (
    {"em", "threads"},
    {
        "columns",
        "datasets",
        "density",
        "geometry",
        "glossary",
        "kmeans",
        "links",
        "numerals",
        "plain",
        "projection",
        "release",
        "starts",
        "tables",
        "theme",
    },
    {
        "corrections",
        "criteria",
        "estimator",
        "experiment",
        "exports",
        "frame",
        "restarts",
        "selection",
        "settings",
        "titles",
        "versions",
        "words",
    },
    {"figures"},
    {"ui"},
    {"pages"},
)
"""What stands in the package, from the ground up: a module imports its own layer and those below it."""

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
SCRIPTS = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]


def imported_by(path: Path) -> set[str]:
    """Every module that a source file names in an import, wherever it stands; of the package, as far as it is one."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in inside}
    return found


@cache
def imports() -> dict[str, set[str]]:
    """Each module's imports."""
    return {name: imported_by(path) for name, path in MODULES.items()}


def ours(names) -> set[str]:
    return {name for name in names if name.split(".")[0] == "gmmviz"}


def layer(name: str) -> int:
    return next(height for height, members in enumerate(LAYERS) if name.split(".")[1] in members)


def may_use_streamlit(name: str) -> bool:
    return name.startswith("gmmviz.ui") or (name.startswith("gmmviz.pages.") and name.endswith(".page"))


INSIDE = [name for name in MODULES if name != "gmmviz"]


@pytest.mark.parametrize("name", INSIDE)
def test_imports_run_downwards(name):
    above = {other for other in ours(imports()[name]) if other == "gmmviz" or layer(other) > layer(name)}
    assert above == set()


@pytest.mark.parametrize("name", [name for name in INSIDE if name.startswith("gmmviz.pages.")])
def test_a_page_imports_no_other_page(name):
    room = ".".join(name.split(".")[:3])
    pages = {other for other in imports()[name] if other.startswith("gmmviz.pages.")}
    assert {other for other in pages if not f"{other}.".startswith(f"{room}.")} == set()


@pytest.mark.parametrize("name", [name for name in INSIDE if layer(name) == 0])
def test_the_engine_imports_numpy_and_itself(name):
    roots = {other.split(".")[0] for other in imports()[name]} - sys.stdlib_module_names
    assert roots <= ({"threadpoolctl"} if name == "gmmviz.threads" else {"numpy", "gmmviz"})


@pytest.mark.parametrize("name", INSIDE)
def test_streamlit_and_plotly_stay_where_they_belong(name):
    roots = {other.split(".")[0] for other in imports()[name]}
    assert "streamlit" not in roots or may_use_streamlit(name)
    assert "plotly" not in roots or layer(name) >= layer("gmmviz.figures")


def test_there_is_no_circle():
    graph = {name: ours(found) - {name} for name, found in imports().items()}
    in_order = list(TopologicalSorter(graph).static_order())  # a circle is an error
    assert set(in_order) >= set(INSIDE)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_import_the_app_alone(script):
    assert {name.split(".")[0] for name in imported_by(script)} <= {"gmmviz", "pathlib", "streamlit"}


# What is loaded at run time, in fresh interpreters.


def loaded_after(names) -> set[str]:
    """Names in sys.modules of a fresh interpreter that has imported modules."""
    program = "\n".join([*(f"import {name}" for name in names), "import sys", "print(*sys.modules)"])
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {name.split(".")[0] for name in done.stdout.split()}


def test_the_first_picture_needs_neither_scikit_learn_nor_what_that_loads():
    draw = "from gmmviz.pages.explorer.page import *; x = Explorer(); d = x.data(); scene_film(d, x.run(d.X))"
    program = f"{draw}; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {"sklearn", "scipy", "pandas"}.isdisjoint(done.stdout.split())


def third_party(names) -> set[str]:
    return loaded_after(names) - loaded_after(()) - sys.stdlib_module_names - {"gmmviz"}


def test_the_package_itself_loads_nothing():
    assert third_party(["gmmviz"]) == set()


def test_the_engine_needs_numpy_and_what_holds_its_threads_alone():
    assert third_party([name for name in INSIDE if layer(name) == 0]) == {"numpy", "threadpoolctl"}


def test_what_is_below_the_pictures_loads_no_plotly_and_what_is_below_the_screen_no_streamlit():
    assert "plotly" not in loaded_after(name for name in INSIDE if layer(name) < layer("gmmviz.figures"))
    assert "streamlit" not in loaded_after(name for name in INSIDE if not may_use_streamlit(name))


# The public names.


@pytest.mark.parametrize("name", sorted({*gmmviz.__all__} - {"__version__"}))
def test_public_names_are_there(name):
    assert name in dir(gmmviz)
    assert getattr(gmmviz, name).__name__.split(".")[-1] == name


def test_other_names_are_refused():
    with pytest.raises(AttributeError, match="module 'gmmviz' has no attribute 'fitt'"):
        _ = gmmviz.fitt
