"""gmmviz: page config and navigation.  Run with `python -m streamlit run app.py`, or, installed, `gmmviz`."""

from pathlib import Path

import streamlit as st

from gmmviz import threads
from gmmviz.pages import PAGES
from gmmviz.release import VERSION
from gmmviz.ui import layout, loading, session
from gmmviz.ui.turns import turn

ICON = Path(layout.__file__).with_name("icon.svg")
ABOUT = f"**gmmviz {VERSION}**: an interactive explorer of Gaussian mixtures and the EM algorithm."
SIDEBAR = 272  # px: as narrow as its fields allow, since the picture is the page

threads.use(1)  # many readers share the cores

# A file: Streamlit fetches an icon named in words from an outside host.
st.set_page_config(
    page_icon=str(ICON),
    layout="wide",
    initial_sidebar_state=SIDEBAR,
    menu_items={"About": ABOUT},
)
layout.style()
chosen = layout.navigation(PAGES)
session.go_where_wanted(PAGES)
with turn():
    chosen.run()
session.come_back()
loading.load_the_rest()
