"""Choosing K: see gmmviz/pages/choose_k."""

from gmmviz.pages.choose_k.page import show

show()
