"""gmmviz: page config and navigation.  Run with `python -m streamlit run app.py`."""

import streamlit as st

from gmmviz.ui import session

ICON = "gmmviz/ui/icon.svg"  # a file: Streamlit fetches an icon named in words from an outside host
ABOUT = "**gmmviz**: an interactive explorer of Gaussian mixtures and the EM algorithm."

st.set_page_config("gmmviz", page_icon=ICON, layout="wide", menu_items={"About": ABOUT})
page = st.navigation(
    [
        st.Page("pages/explorer.py", title="Explorer", icon=":material/bubble_chart:", default=True),
        st.Page(
            "pages/one-dimension.py",
            title="One dimension, by hand",
            url_path="one-dimension",
            icon=":material/linear_scale:",
        ),
        st.Page(
            "pages/density.py", title="Density and sampling", url_path="density", icon=":material/landscape:"
        ),
        st.Page(
            "pages/k-means.py", title="K-means and mixture", url_path="k-means", icon=":material/contrast:"
        ),
        st.Page("pages/collapse.py", title="Collapse", url_path="collapse", icon=":material/compress:"),
    ],
    position="top",
)
session.go_where_wanted()
page.run()
