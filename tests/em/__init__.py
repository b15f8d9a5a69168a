"""EM: the algorithm, its kernels, its history and what happened."""
