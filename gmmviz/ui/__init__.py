"""What the pages are made of: controls, caching, session, the film's player. The only code that imports streamlit."""
