"""The command `gmmviz`, which opens the app: Streamlit's `run` with the app's script, from wherever one stands."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from streamlit.web import cli

from gmmviz.release import VERSION

ABOUT = "Open gmmviz, an interactive explorer of Gaussian mixtures and the EM algorithm, in the browser."
MORE = "Further options are Streamlit's, such as --server.port=8600; see streamlit run --help."


def app() -> Path:
    """Return the app's script: in an installed package a part of it, else beside it in the repository.

    The pages and the configuration stand beside the script, where Streamlit looks for them.
    """
    package = Path(__file__).parent.parent
    installed = package / "served" / "app.py"
    return installed if installed.exists() else package.parent / "app.py"


def main(given: Sequence[str] | None = None) -> None:
    """Serve the app until Ctrl+C, and open it in the browser. Options that are not the command's are Streamlit's."""
    parser = argparse.ArgumentParser("gmmviz", description=ABOUT, epilog=MORE, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"gmmviz {VERSION}")
    _, options = parser.parse_known_args(given)
    cli.main(["run", str(app()), *options], prog_name="streamlit")
