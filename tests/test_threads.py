"""One thread of linear algebra for as long as anyone is inside, and as many as before when the last is out."""

import os
import subprocess
import sys
from textwrap import dedent
from threading import Event, Thread

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from gmmviz.threads import one_thread


def numbers(user_api):
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == user_api}


@pytest.fixture(autouse=True)
def two_threads():
    """As many as a machine of two cores has."""
    np.ones((2, 2)) @ np.ones((2, 2))
    with threadpool_limits(2):
        yield


def test_one_inside_and_as_many_as_before_outside():
    with one_thread():
        assert numbers("blas") == {1}
        assert numbers("openmp") <= {1}
        with one_thread():
            assert numbers("blas") == {1}
        assert numbers("blas") == {1}
    assert numbers("blas") == {2}
    assert numbers("openmp") <= {2}


def test_an_error_inside_leaves_as_many_as_before():
    with pytest.raises(ZeroDivisionError), one_thread():
        _ = 1 / 0
    assert numbers("blas") == {2}


@pytest.mark.parametrize("first_out", ["first in", "last in"])
def test_threads_that_overlap_have_it_in_common(first_out):
    inside, leave, seen = Event(), Event(), []

    def other():
        with one_thread():
            inside.set()
            leave.wait()
            seen.append(numbers("blas"))

    thread = Thread(target=other)
    with one_thread():
        thread.start()
        inside.wait()
        if first_out == "last in":
            leave.set()
            thread.join()
            assert numbers("blas") == {1}
    if first_out == "first in":
        assert numbers("blas") == {1}
        leave.set()
        thread.join()
    assert seen == [{1}]
    assert numbers("blas") == {2}


def test_libraries_that_are_loaded_later_are_known_as_well():
    """In a process of its own, which has loaded neither scipy nor scikit-learn when it first computes in one thread."""
    script = """
        from gmmviz.threads import one_thread
        with one_thread():
            pass
        import sklearn.cluster
        from threadpoolctl import ThreadpoolController
        with one_thread():
            print(sorted({library["num_threads"] for library in ThreadpoolController().info()}))
    """
    environment = {name: text for name, text in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", dedent(script)], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "[1]\n"
