"""The package as its users install it: a wheel of this repository, in an environment of its own."""

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from deploy.server import ROOT


def run(*command: str | Path, folder: Path = ROOT) -> str:
    """Return what a command says, run in a folder and away from the repository; fail if it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(folder: Path) -> Path:
    """Build the wheel into a folder, and return it. What builds it is in this environment."""
    quickly = ("--no-deps", "--no-build-isolation", "--no-cache-dir", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "wheel", ".", *quickly, "--wheel-dir", folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """Install a wheel into a fresh environment in a folder, and return where its commands are.

    What it needs is taken from this environment, in which none of the repository is installed: to download it all again
    would take a minute.
    """
    venv.create(folder)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    (packages,) = map(
        Path, run(scripts / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").split()
    )
    (packages / "ours.pth").write_text("\n".join(_site_packages()))
    quickly = ("--no-deps", "--no-index", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "--python", scripts / "python", "install", *quickly, wheel)
    return scripts


def _site_packages() -> Sequence[str]:
    return [folder for folder in sys.path if Path(folder).name in ("site-packages", "dist-packages")]
