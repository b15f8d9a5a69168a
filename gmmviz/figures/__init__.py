"""Pure functions from data to Plotly figures, as plain dicts of typed arrays; one file a kind of picture."""
