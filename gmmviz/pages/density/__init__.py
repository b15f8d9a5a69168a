"""Density and sampling: a mixture as a description of where points are."""
