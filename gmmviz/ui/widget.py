"""What all widgets have in common."""

from gmmviz.settings import Setting


def shared(row: Setting) -> dict:
    """Return a setting's key, help, and that Streamlit keeps its value while its widget is not drawn."""
    return {"key": row.name, "help": row.help, "persist_state": "page"}
