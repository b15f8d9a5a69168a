"""K-means and mixture: the same points and first means, a hard answer beside a soft one."""
