"""The command `gmmviz`: Streamlit's `run` with the app's script, from wherever one stands."""

import subprocess
import sys
from pathlib import Path

import pytest

import gmmviz
from gmmviz.ui import command

ROOT = Path(__file__).parents[2]


@pytest.fixture
def given(monkeypatch):
    """What Streamlit's command line was given."""
    given = []
    monkeypatch.setattr(command.cli, "main", lambda arguments, **_: given.append(arguments))
    return given


def test_it_runs_the_app_with_streamlits_own_options(given):
    command.main(["--server.port", "8600", "--server.headless=true"])
    assert given == [["run", str(ROOT / "app.py"), "--server.port", "8600", "--server.headless=true"]]


def test_an_installed_package_runs_the_script_that_it_holds(given, monkeypatch, tmp_path):
    script = tmp_path / "gmmviz" / "served" / "app.py"
    script.parent.mkdir(parents=True)
    script.touch()
    (tmp_path / "app.py").touch()  # someone else's
    monkeypatch.setattr(command, "__file__", str(tmp_path / "gmmviz" / "ui" / "command.py"))
    command.main([])
    assert given == [["run", str(script)]]


@pytest.mark.parametrize(("option", "said"), [("--version", gmmviz.__version__), ("--help", command.MORE)])
def test_it_says_its_version_and_what_it_is_for_and_starts_nothing(given, capsys, option, said):
    with pytest.raises(SystemExit) as end:
        command.main([option])
    assert (end.value.code, given) == (0, [])
    assert said in " ".join(capsys.readouterr().out.split())


def test_streamlit_knows_what_it_is_given():
    """An option that Streamlit does not know is refused, in Streamlit's words: so the others do reach it."""
    program = "from gmmviz.ui.command import main; main(['--server.prot=1'])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "--server.prot" in done.stderr
