"""Collapse: why the floor is there."""
