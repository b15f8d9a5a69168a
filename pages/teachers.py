"""Links for a class: see gmmviz/pages/teachers."""

from gmmviz.pages.teachers.page import show

show()
