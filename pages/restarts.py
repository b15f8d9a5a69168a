"""Restarts: see gmmviz/pages/restarts."""

from gmmviz.pages.restarts.page import show

show()
