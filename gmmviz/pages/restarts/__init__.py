"""Restarts: hundreds of starts on one setting, what they come to, and how many it takes."""
