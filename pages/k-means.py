"""K-means and mixture: see gmmviz/pages/k_means."""

from gmmviz.pages.k_means.page import show

show()
