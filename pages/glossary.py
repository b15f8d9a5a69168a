"""Glossary: see gmmviz/pages/glossary."""

from gmmviz.pages.glossary.page import show

show()
