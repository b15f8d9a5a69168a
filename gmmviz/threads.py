"""Threads: linear algebra in one, and blocks of work in as many as there are cores.

Several threads of BLAS add up in another order than one, so that the last digits of a long sum depend on the machine's
number of cores. What promises the same digits everywhere computes inside `one_thread`, and takes several cores by
`mapped`, block by block, whose results come in the blocks' order.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from math import inf
from queue import Empty, SimpleQueue
from threading import Lock

from threadpoolctl import OpenBLASController, ThreadpoolController

__all__ = ["cores", "mapped", "one_blas_thread", "one_thread", "use", "workers"]

# --- How many ---------------------------------------------------------------------------------------------------------

_chosen: int | None = None


def use(n_threads: int | None) -> None:
    """Choose what `cores` returns in this process; None gives it back to the machine."""
    global _chosen
    _chosen = n_threads


def cores() -> int:
    """Return how many threads compute where nobody says it: as many as `use` or OMP_NUM_THREADS allows, or all cores.

    >>> cores() >= 1
    True
    """
    if _chosen is not None:
        return _chosen
    allowed = os.environ.get("OMP_NUM_THREADS", "")
    if allowed.isdecimal() and int(allowed) > 0:
        return int(allowed)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# --- Blocks of work ---------------------------------------------------------------------------------------------------


def mapped(function: Callable, blocks: Sequence, n_threads: int) -> list:
    """Return what a function makes of each block, in the blocks' order, made in so many threads, this one among them.

    A thread takes the next block when it is done with one. It pays where the function lets go of Python's lock, as
    numpy does in its loops, and where there are many blocks, see `workers`.

    >>> mapped(lambda block: block * block, range(10), n_threads=2)
    [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]
    """
    if (n_threads := workers(len(blocks), n_threads)) == 1:
        return list(map(function, blocks))
    done, waiting = [None] * len(blocks), SimpleQueue()
    for place in enumerate(blocks):
        waiting.put(place)

    def work() -> None:
        with suppress(Empty):
            while True:
                n, block = waiting.get_nowait()
                done[n] = function(block)

    others = [_pool(n_threads - 1).submit(work) for _ in range(n_threads - 1)]
    work()
    for other in others:
        other.result()
    return done


BLOCKS = 2
"""For how many blocks at least a thread is woken up, which takes about a tenth of the time of one."""


def workers(n_blocks: int, n_threads: int) -> int:
    """Return how many of so many threads so many blocks are worth: there must be `BLOCKS` for each.

    >>> workers(9, 1), workers(9, 8), workers(0, 8)
    (1, 4, 1)
    """
    return max(1, min(n_threads, n_blocks // BLOCKS))


@cache
def _pool(size: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(size, thread_name_prefix="gmmviz")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # a forked process has none of these threads


# --- Linear algebra ---------------------------------------------------------------------------------------------------


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


LARGE = 1 << 16
"""Multiplications of a product from which BLAS may share it out: a quarter of what OpenBLAS takes."""


def one_blas_thread(multiplications: float = inf):
    """Have BLAS use one thread inside, if a product of two matrices is so large that it might use more.

    Of one with a vector nothing is said: BLAS shares that out from some ten thousand numbers on.
    """
    return _blas if multiplications > LARGE else nullcontext()


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
    """The number of BLAS's threads, which is the process's: the first in sets it, the last out sets it back.

    By the libraries' own functions: threadpoolctl's context takes longer than an iteration on few points.
    """

    def __init__(self):
        self._lock, self._inside, self._before = Lock(), 0, []

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._before = [
                    (library, n_threads)
                    for library in _libraries().lib_controllers
                    if library.user_api == "blas" and (n_threads := library.num_threads) != 1
                ]
                for library, _ in self._before:
                    _set(library, 1)
            self._inside += 1

    def __exit__(self, *error) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                for library, n_threads in self._before:
                    _set(library, n_threads)


def _set(library, n_threads: int) -> None:
    _let_anyone_set_it()
    library.set_num_threads(n_threads)
    _let_anyone_set_it()


def _let_anyone_set_it() -> None:
    """From its version 3.8 on threadpoolctl ignores all threads but the one that was the first to set a number."""
    if hasattr(OpenBLASController, "clear_controlling_thread"):
        OpenBLASController.clear_controlling_thread(force=True)


_blas = _Blas()
