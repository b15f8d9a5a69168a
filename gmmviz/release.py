"""Which version of gmmviz this is."""

VERSION = "0.1.0"
"""As in CHANGELOG.md and CITATION.cff. Addresses have versions of their own, see `gmmviz.versions`."""
