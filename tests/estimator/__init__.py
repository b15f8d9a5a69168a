"""The estimator with scikit-learn's interface."""
