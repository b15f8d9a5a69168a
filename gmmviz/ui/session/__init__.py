"""One reader's session: from the address, through the widgets, back to the address.

The address speaks when a page is loaded, linked to, or reached by Back; from then on the widgets do, and the address
follows them. `st.session_state` holds each setting's widget under the setting's own name, and under one further key
what the session itself must remember, a `Session`.

state.py      what is remembered
pages.py      from page to page, through app.py
frame.py      what is hidden
address.py    from the address to the widgets, and back
part.py       the main part of a page, drawn alone; and runs that a page asks for
"""

from gmmviz.ui.session.address import begin, collect, play, rewind, write_address
from gmmviz.ui.session.frame import hides, leave_out, sidebar
from gmmviz.ui.session.pages import come_back, coming, entitle, follow, go_back, go_where_wanted
from gmmviz.ui.session.part import MAIN, draw_main, draw_whole, main, rerun
from gmmviz.ui.session.state import KEY, Placement, Session, current, table

__all__ = [
    "KEY",
    "MAIN",
    "Placement",
    "Session",
    "begin",
    "collect",
    "come_back",
    "coming",
    "current",
    "draw_main",
    "draw_whole",
    "entitle",
    "follow",
    "go_back",
    "go_where_wanted",
    "hides",
    "leave_out",
    "main",
    "play",
    "rerun",
    "rewind",
    "sidebar",
    "table",
    "write_address",
]
