"""The explorer: see gmmviz/pages/explorer."""

from gmmviz.pages.explorer.page import show

show()
