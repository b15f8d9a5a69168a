"""What the pages' figures share: pure functions from data to Plotly figures, as plain dicts of typed arrays."""
