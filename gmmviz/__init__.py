"""gmmviz: watch expectation-maximisation fit a Gaussian mixture, iteration by iteration.

    import gmmviz
    X = gmmviz.load("faithful").X
    run = gmmviz.fit(X, gmmviz.start(X, 2, "k-means"))
    gmmviz.animate(run, X)                          # the film, in a notebook
    gmmviz.GaussianMixture(2).fit(X).predict(X)     # scikit-learn's interface

Each name loads when it is first used, so `import gmmviz` alone costs nothing. (`gmmviz.em` is the package with the
algorithm, and the generator of states in it is `gmmviz.em.em`.)
"""

from importlib import import_module

from gmmviz.release import VERSION as __version__

_HOMES = {
    "GaussianMixture": "gmmviz.estimator",
    "Mixture": "gmmviz.em",
    "animate": "gmmviz.figures.notebook",
    "e_step": "gmmviz.em",
    "fit": "gmmviz.em",
    "fit_many": "gmmviz.em",
    "load": "gmmviz.datasets",
    "m_step": "gmmviz.em",
    "start": "gmmviz.starts",
}

__all__ = ["__version__", "em", *_HOMES]


def __getattr__(name: str):
    if name == "em":
        return import_module("gmmviz.em")
    if name not in _HOMES:
        raise AttributeError(f"module 'gmmviz' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
