"""How the tests come by their browser: what is tried, in which order, and what is said when nothing helps."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Error

from tests import browser


@pytest.fixture(autouse=True)
def computer(monkeypatch, tmp_path):
    """A computer with nothing on its PATH, no browser, and a user who is not root."""
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    return tmp_path


@pytest.fixture
def steps(monkeypatch):
    """The steps that `main` takes, on a computer where no browser is found and no command succeeds."""
    steps = []
    monkeypatch.setattr(browser, "find_browser", lambda: steps.append("look"))
    monkeypatch.setattr(browser, "succeeds", lambda command: steps.append(command))
    return steps


def executable(folder: Path, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def playwright(own: Path = Path("/nowhere/chrome"), broken: tuple[Path, ...] = ()):
    """A stand-in for Playwright, with its own download at `own`; it gives back how it was called."""

    def launch(executable_path, **options):
        if executable_path in broken:
            raise Error("Closed\n[pid=1][err] chrome: error while loading shared libraries: libnss3.so\nend")
        return {"executable_path": executable_path, **options}

    return SimpleNamespace(chromium=SimpleNamespace(executable_path=str(own), launch=launch))


def test_browsers_on_the_path_come_before_playwrights_own(computer):
    chromium, own = executable(computer, "chromium"), executable(computer, "own/chrome")
    assert browser.candidates(playwright(own)) == [chromium, own]


def test_the_usual_places_on_windows(monkeypatch, computer):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("ProgramFiles(x86)", str(computer))
    edge = executable(computer, "Microsoft/Edge/Application/msedge.exe")
    assert browser.candidates(playwright()) == [edge]


def test_the_usual_places_on_macos(monkeypatch, computer):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("HOME", str(computer))
    chrome = executable(computer, "Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    assert chrome in browser.candidates(playwright())


def test_the_environment_variable_wins(monkeypatch, computer):
    executable(computer, "chromium")
    mine = executable(computer, "mine/browser")
    monkeypatch.setenv(browser.VARIABLE, str(mine))
    assert browser.launch(playwright())["executable_path"] == mine


def test_a_bad_environment_variable_gives_advice(monkeypatch, computer, steps, capsys):
    executable(computer, "chromium")
    monkeypatch.setenv(browser.VARIABLE, "/no/such/browser")
    with pytest.raises(RuntimeError, match="GMMVIZ_BROWSER names no browser that starts: correct it"):
        browser.launch(playwright())
    assert browser.main() == 1
    assert steps == ["look"]
    assert "'/no/such/browser', which is no browser that starts" in capsys.readouterr().out


def test_launch_passes_options_on(computer):
    executable(computer, "chromium")
    options = browser.launch(playwright(), args=["--lang=de"], timeout=5)
    assert options["args"] == ["--disable-gpu", "--lang=de"]
    assert options["timeout"] == 5


def test_a_browser_that_does_not_start_is_named_and_passed_over(computer, capsys):
    stub, edge = executable(computer, "chromium-browser"), executable(computer, "microsoft-edge")
    assert browser.launch(playwright(broken=(stub,)))["executable_path"] == edge
    assert capsys.readouterr().out == (
        f"{stub} does not start: [pid=1][err] chrome: error while loading shared libraries: libnss3.so\n"
    )


def test_launch_without_a_browser_says_what_to_run():
    with pytest.raises(RuntimeError, match=r"run `python -m tests\.browser`"):
        browser.launch(playwright())


def test_a_browser_that_is_there_is_taken(monkeypatch, steps):
    monkeypatch.setattr(browser, "find_browser", lambda: Path("chromium"))
    assert browser.main() == 0
    assert steps == []


def test_without_root_the_download_is_tried_and_then_advice_given(computer, steps, capsys):
    executable(computer, "apt-get")
    assert browser.main() == 1
    assert steps == ["look", browser.DOWNLOAD]
    assert capsys.readouterr().out.endswith(browser.ADVICE + "\n")


def test_as_root_the_package_manager_follows_the_download(monkeypatch, computer, steps):
    executable(computer, "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    assert browser.main() == 1
    assert steps == ["look", browser.DOWNLOAD, ("apt-get", "update"), (*browser.APT, "chromium")]


def test_the_browser_is_looked_for_again_after_each_way_to_get_it(monkeypatch, computer, steps):
    executable(computer, "dnf")
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(browser, "succeeds", lambda command: steps.append(command) or True)
    monkeypatch.setattr(
        browser, "find_browser", lambda: steps.append("look") or (len(steps) == 5 and Path("chromium"))
    )
    assert browser.main() == 0
    assert steps == ["look", browser.DOWNLOAD, "look", ("dnf", "install", "--assumeyes", "chromium"), "look"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print('fine')", "done"),
        (
            "print('hm'); print('E: no such package'); raise SystemExit(3)",
            "failed with 3: E: no such package",
        ),
        ("raise SystemExit(4)", "failed with 4: no output"),
        ("input()", "failed with 1: EOFError: EOF when reading a line"),
        ("import time; time.sleep(60)", "stopped: it took more than 0.5 seconds"),
    ],
)
def test_a_command_may_not_ask_and_tells_why_it_failed(monkeypatch, capsys, code, said):
    monkeypatch.setattr(browser, "SECONDS", 0.5 if "sleep" in code else 30)
    assert browser.succeeds((sys.executable, "-c", code)) == (said == "done")
    assert said in capsys.readouterr().out


def test_a_command_that_is_not_there_fails(capsys):
    assert not browser.succeeds(("no-such-command",))
    assert "failed: " in capsys.readouterr().out
