"""Collapse: see gmmviz/pages/collapse."""

from gmmviz.pages.collapse.page import show

show()
