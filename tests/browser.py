"""The browser that tests and benchmarks drive; ``python -m tests.browser`` makes sure that there is one.

It takes a Chrome, Chromium or Edge that is there and starts; else it tries Playwright's download; else, as
root, the system's package manager; else it stops and says what to install. Best is Chromium without a window, which
Debian packages by itself: it paints the same with three quarters of the work.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

VARIABLE = "GMMVIZ_BROWSER"

ON_PATH = (
    "chromium-headless-shell",
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "microsoft-edge-stable",
)
ON_MACOS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
ON_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)

DOWNLOAD = (sys.executable, "-m", "playwright", "install", "--no-shell", "chromium")
APT = ("apt-get", "install", "--yes", "--no-install-recommends", "fonts-liberation")
PACKAGE_MANAGERS = (
    ("apt-get", (("apt-get", "update"), (*APT, "chromium-headless-shell"))),
    ("apt-get", ((*APT, "chromium"),)),
    ("dnf", (("dnf", "install", "--assumeyes", "chromium"),)),
    ("pacman", (("pacman", "--sync", "--refresh", "--noconfirm", "chromium"),)),
)
SECONDS = 300  # for each command

ADVICE = f"""\
No browser for the tests. Install Chrome, Chromium or Edge, for instance by
  sudo apt-get install chromium-headless-shell      Debian (on Ubuntu, where that is a snap, take Google's own package)
  sudo dnf install chromium                         Fedora
  brew install --cask google-chrome                 macOS
  winget install Google.Chrome                      Windows
or name an executable in the environment variable {VARIABLE}; then run `python -m tests.browser` again."""


def usual_places() -> Iterator[str | Path | None]:
    """Yield where a browser may be on this system, whether or not it is."""
    yield from map(shutil.which, ON_PATH)
    if sys.platform == "darwin":
        for folder in (Path("/Applications"), Path.home() / "Applications"):
            yield from (folder / name for name in ON_MACOS)
    if sys.platform == "win32":
        for folder in map(os.environ.get, ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")):
            yield from (Path(folder, name) for name in ON_WINDOWS if folder)


def candidates(playwright: Playwright) -> list[Path]:
    """Return the browsers that are there, best first; the one that ``GMMVIZ_BROWSER`` names has no rivals."""
    if named := os.environ.get(VARIABLE):
        places = [shutil.which(named)]
    else:
        places = [*usual_places(), playwright.chromium.executable_path]
    return [Path(place) for place in places if place and Path(place).is_file()]


def start(playwright: Playwright, **options) -> tuple[Path, Browser]:
    """Start the first candidate that starts, and print which do not; RuntimeError if none does."""
    # Playwright itself adds --no-first-run, --no-sandbox and what stops the browser's own traffic.
    options["args"] = ["--disable-gpu", *options.get("args", ())]
    for path in candidates(playwright):
        try:
            return path, playwright.chromium.launch(executable_path=path, **options)
        except Error as error:
            print(f"{path} does not start: {reason(error.message)}")
    raise RuntimeError(
        f"{VARIABLE} names no browser that starts: correct it, or unset it and run `python -m tests.browser`."
        if os.environ.get(VARIABLE)
        else "No Chrome, Chromium or Edge starts here: run `python -m tests.browser`, which gets one."
    )


def launch(playwright: Playwright, **options) -> Browser:
    """Launch the browser, headless, with Playwright's ``options``.

    Without a browser this raises a RuntimeError that says what to do: no test is skipped for want of one.
    """
    return start(playwright, **options)[1]


def find_browser() -> Path | None:
    """Print and return the executable that `launch` takes, None without one; needs no running Playwright."""
    with sync_playwright() as playwright:
        try:
            path, browser = start(playwright)
        except RuntimeError:
            return None
        print(f"The browser is {path}, version {browser.version}.", flush=True)
        browser.close()
        return path


def ways_to_get_one() -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Yield a name and its commands for every way to get a browser on this system."""
    yield "Playwright's download", (DOWNLOAD,)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        for manager, commands in PACKAGE_MANAGERS:
            if shutil.which(manager):
                yield f"the package manager, {manager}", commands


def succeeds(command: tuple[str, ...]) -> bool:
    """Run a command that must ask nothing; in one line say what was run and, if it fails, why."""
    print(f"  {shlex.join(command)} ...", end=" ", flush=True)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        try:
            subprocess.run(
                command,
                check=True,
                timeout=SECONDS,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            )
        except subprocess.CalledProcessError as error:
            log.seek(0)
            print(f"failed with {error.returncode}: {reason(log.read())}", flush=True)
        except subprocess.TimeoutExpired:
            print(f"stopped: it took more than {SECONDS} seconds", flush=True)
        except OSError as error:
            print(f"failed: {error}", flush=True)
        else:
            print("done", flush=True)
            return True
    return False


def reason(output: str) -> str:
    """Return the line of a failed program's output that tells most: the first error, else the first line."""
    error = re.search(r"^(.*\[err\]|\s*(\w*error|e):).*$", output, re.IGNORECASE | re.MULTILINE)
    return error[0].strip() if error else output.strip().partition("\n")[0] or "no output"


def main() -> int:
    """Find a browser or get one; return 0 if there is one in the end, else print advice and return 1."""
    if find_browser():
        return 0
    if named := os.environ.get(VARIABLE):
        print(f"{VARIABLE} is set to {named!r}, which is no browser that starts: correct it or unset it.")
        return 1
    for way, commands in ways_to_get_one():
        print(f"No browser that starts. Trying {way}:", flush=True)
        if all(map(succeeds, commands)) and find_browser():
            return 0
    print(ADVICE)
    return 1


if __name__ == "__main__":
    sys.exit(main())
