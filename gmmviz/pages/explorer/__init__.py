"""The explorer: pick data, K, covariance and start, and watch EM fit a mixture."""
