"""Frozen stays frozen, however it is copied."""

import copy
import pickle

import joblib
import numpy as np
import pytest

from gmmviz.datasets import load
from gmmviz.em import fit
from gmmviz.kmeans import kmeans
from gmmviz.starts import start

X = load("iris").X
MIXTURE = start(X, 3, "k-means", rng=0)
THINGS = {
    "mixture": MIXTURE,
    "run": fit(X, MIXTURE, max_iter=2),
    "k-means": kmeans(X, X[:3], max_iter=2),
    "dataset": load("iris"),
}


def through_a_file(thing, path):
    joblib.dump(thing, path / "it")
    return joblib.load(path / "it")


def mapped_into_memory(thing, path):
    joblib.dump(thing, path / "it")
    return joblib.load(path / "it", mmap_mode="c")


COPIES = {
    "pickle": lambda thing, _: pickle.loads(pickle.dumps(thing)),
    "copy": lambda thing, _: copy.copy(thing),
    "deepcopy": lambda thing, _: copy.deepcopy(thing),
    "joblib": through_a_file,
    "mmap": mapped_into_memory,
}


def arrays(thing):
    """Yield all arrays in a thing, however deep."""
    if isinstance(thing, np.ndarray):
        yield thing
    elif isinstance(thing, tuple):
        for part in thing:
            yield from arrays(part)
    elif hasattr(thing, "__dict__"):
        yield from arrays(tuple(vars(thing).values()))


@pytest.mark.parametrize("copied", COPIES)
@pytest.mark.parametrize("name", THINGS)
def test_what_is_frozen_stays_so_when_it_is_copied(name, copied, tmp_path):
    again = COPIES[copied](THINGS[name], tmp_path)
    before, after = list(arrays(THINGS[name])), list(arrays(again))
    assert len(before) == len(after) > 1
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)
        with pytest.raises(ValueError, match="read-only"):
            other[...] = 0
    assert type(again) is type(THINGS[name])
