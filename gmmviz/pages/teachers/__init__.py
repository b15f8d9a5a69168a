"""For teachers: the page that builds links for a class."""
