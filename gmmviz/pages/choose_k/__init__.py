"""Choosing K: every number of components with every covariance type, judged by several criteria side by side."""
