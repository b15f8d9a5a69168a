"""Density and sampling: see gmmviz/pages/density."""

from gmmviz.pages.density.page import show

show()
