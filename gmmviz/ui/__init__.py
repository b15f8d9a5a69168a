"""What the pages share: controls, cache, session, the film's call and its player. It knows no page.

Beside the pages' own `page.py` the only code that imports streamlit.
"""
