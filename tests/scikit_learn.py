"""What the tests that compare with scikit-learn ask of it."""

from sklearn.mixture import GaussianMixture

from gmmviz.em import COVARIANCE_TYPES

(_options,) = GaussianMixture._parameter_constraints["covariance_type"]
KNOWN_TYPES = [name for name in COVARIANCE_TYPES if name in _options.options]
"""The covariance types that scikit-learn has, too."""
