"""gmmviz: page config and navigation.  Run with `python -m streamlit run app.py`."""

from pathlib import Path

import streamlit as st

from gmmviz.ui import session

# A file: Streamlit fetches an icon named in words from an outside host.
ICON = Path(__file__).parent / "gmmviz" / "ui" / "icon.svg"
ABOUT = "**gmmviz**: an interactive explorer of Gaussian mixtures and the EM algorithm."

st.set_page_config("gmmviz", page_icon=str(ICON), layout="wide", menu_items={"About": ABOUT})
page = st.navigation(
    [
        st.Page("pages/explorer.py", title="Explorer", icon=":material/bubble_chart:", default=True),
        st.Page("pages/one-dimension.py", title="One dimension, by hand", icon=":material/linear_scale:"),
        st.Page("pages/k-means.py", title="K-means and mixture", icon=":material/contrast:"),
        st.Page("pages/density.py", title="Density and sampling", icon=":material/landscape:"),
        st.Page("pages/collapse.py", title="Collapse", icon=":material/compress:"),
    ],
    position="top",
)
session.go_where_wanted()
page.run()
