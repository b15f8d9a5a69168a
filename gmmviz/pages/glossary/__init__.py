"""Glossary: every term in plain words, with its formula and where it is best seen."""
