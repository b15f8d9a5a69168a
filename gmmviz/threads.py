"""Linear algebra in one thread.

Several threads add up in another order than one, so that the last digits of a long sum depend on the machine's number
of cores. What promises the same digits everywhere computes inside `one_thread`.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from threadpoolctl import OpenBLASController, ThreadpoolController

__all__ = ["one_thread"]


@contextmanager
def one_thread() -> Generator[None]:
    """Have BLAS and OpenMP use one thread while anyone is inside, from however many threads of Python.

    >>> with one_thread():
    ...     {library["num_threads"] for library in ThreadpoolController().info()}
    {1}
    """
    # BLAS's number is the process's, OpenMP's each thread's own.
    with _blas, _libraries().select(user_api="openmp").limit(limits=1):
        yield


BRINGERS = ("numpy", "scipy.linalg._fblas", "sklearn.utils._openmp_helpers")
"""Modules that bring such libraries along, each its own; the latter two are loaded only when they are needed."""


def _libraries() -> ThreadpoolController:
    """Return what is loaded by now."""
    return _libraries_of(tuple(name in sys.modules for name in BRINGERS))


@cache
def _libraries_of(loaded: tuple[bool, ...]) -> ThreadpoolController:
    """Return what is loaded; to look through all of a process takes longer than many a fit."""
    return ThreadpoolController()


class _Blas:
    """The number of BLAS's threads, which is the process's: the first in sets it, the last out sets it back."""

    def __init__(self):
        self._lock, self._inside = Lock(), 0

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._limit = _libraries().select(user_api="blas").limit(limits=1)
            self._inside += 1

    def __exit__(self, *error) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                _let_anyone_set_it()
                self._limit.restore_original_limits()
                _let_anyone_set_it()


def _let_anyone_set_it() -> None:
    """From its version 3.8 on threadpoolctl ignores all threads but the one that was the first to set a number."""
    if hasattr(OpenBLASController, "clear_controlling_thread"):
        OpenBLASController.clear_controlling_thread(force=True)


_blas = _Blas()
