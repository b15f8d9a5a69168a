"""gmmviz: an interactive explorer of Gaussian mixtures and the EM algorithm."""
