"""One dimension, by hand: see gmmviz/pages/one_dimension."""

from gmmviz.pages.one_dimension.page import show

show()
