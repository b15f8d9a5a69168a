"""What loads while the first reader looks: all that some function imports where it uses it, once, and in one thread."""

import ast
import subprocess
import sys
from pathlib import Path

import gmmviz

PACKAGE = Path(gmmviz.__file__).parent

PROGRAM = """
import gc, sys, threading
from gmmviz.ui import loading
from streamlit.testing.v1 import AppTest

assert "sklearn" not in sys.modules and gc.get_freeze_count() == 0
for _ in range(2):
    AppTest.from_file("app.py", default_timeout=60).run()
assert loading._begun.locked()
loading.load_the_rest()
begun = [thread for thread in threading.enumerate() if thread.name == "loading"]
assert len(begun) <= 1 and not any(thread.daemon for thread in begun)
for thread in begun:
    thread.join()
assert gc.get_freeze_count() > 100_000
print(*sys.modules)
"""


def imported_late():
    """The modules that functions of the package import, the estimator's aside: no page has it."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                inside = list(ast.walk(function))
                found |= {node.module for node in inside if isinstance(node, ast.ImportFrom)}
                found |= {name.name for node in inside if isinstance(node, ast.Import) for name in node.names}
    return found


def test_the_app_loads_what_its_functions_import_late():
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=PACKAGE.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {"sklearn.cluster", "scipy.stats", "pandas"} <= imported_late()
    assert imported_late() <= set(done.stdout.split())
