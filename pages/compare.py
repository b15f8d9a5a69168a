"""Compare: runs side by side that differ in one setting."""

from gmmviz.pages.compare.page import show

show()
