"""Tests of gmmviz; `python -m tests.browser` gets the browser that some of them need."""
