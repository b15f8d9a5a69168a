"""What takes long to load, and what the first picture has no need of, loads while the first reader looks at it."""

import gc
from importlib import import_module
from threading import Lock, Thread

LATER = (
    "sklearn.cluster",
    "sklearn.datasets",
    "sklearn.metrics",
    "sklearn.mixture",
    "sklearn.model_selection",
    "scipy.cluster.hierarchy",
    "scipy.optimize",
    "scipy.spatial.distance",
    "scipy.stats",
    "pandas",
    "segno",
)

_begun = Lock()


def load_the_rest() -> None:
    """Begin to load it, once in a process, in a thread of its own. Call when a page has been drawn."""
    if _begun.acquire(blocking=False):
        # No daemon, as the page's own thread is: a library half loaded is not to be cut off.
        Thread(target=_load, name="loading", daemon=False).start()


def _load() -> None:
    for name in LATER:
        import_module(name)
    # What is there now stays. Python's collector need not look through it again and again: all readers wait meanwhile.
    gc.collect()
    gc.freeze()
