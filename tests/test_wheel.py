"""The wheel holds what the app needs, and asks for what it needs; its version is told once and the same everywhere."""

import re
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

import gmmviz
from deploy.server import ROOT
from tests import wheel

BESIDE = [ROOT / "app.py", ROOT / ".streamlit" / "config.toml", *sorted((ROOT / "pages").glob("*.py"))]
"""What stands beside the package in the repository, and in it once it is installed."""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The wheel."""
    with zipfile.ZipFile(wheel.build(tmp_path_factory.mktemp("wheel"))) as archive:
        yield archive


@pytest.fixture(scope="module")
def metadata(built):
    """What the wheel says of itself, by name."""
    (name,) = (name for name in built.namelist() if name.endswith(".dist-info/METADATA"))
    return HeaderParser().parsestr(built.read(name).decode())


def test_the_wheel_holds_the_package_and_the_app_and_nothing_else(built):
    package = [path for path in (ROOT / "gmmviz").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    wanted = {path.relative_to(ROOT): path for path in package}
    wanted |= {Path("gmmviz", "served", path.relative_to(ROOT)): path for path in BESIDE}
    held = {Path(name): name for name in built.namelist() if ".dist-info/" not in name}
    assert held.keys() == wanted.keys()
    assert {path: built.read(name) for path, name in held.items()} == {
        path: source.read_bytes() for path, source in wanted.items()
    }


def test_the_wheel_asks_for_what_the_app_needs(metadata):
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    needed = {frozenset(re.split(r"(?=[<>])|,", line)) for line in lines if line and line[0] != "#"}
    asked = [text for text in metadata.get_all("Requires-Dist") if "extra ==" not in text]
    assert {frozenset(re.split(r"(?=[<>])|,", text)) for text in asked} == needed


# The version


def test_the_version_is_the_same_everywhere(metadata):
    assert metadata["Version"] == gmmviz.__version__
    newest = re.search(r"^## (\S+), (\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    cited = dict(re.findall(r'^([\w-]+): "?(.*?)"?$', (ROOT / "CITATION.cff").read_text("utf-8"), re.M))
    assert newest.groups() == (gmmviz.__version__, cited["date-released"])
    assert cited["version"] == gmmviz.__version__
    assert cited["license"] == metadata["License-Expression"]
