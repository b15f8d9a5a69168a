"""Settings: the kinds there are, tables of them, and the way to an address and back.

A page's settings are a frozen dataclass whose fields are declared by `setting`: one table that widgets, addresses and
tests read. An address is a query string that holds whatever differs from the defaults.

kinds.py    Setting, what every kind can do; the kinds that have one value: numbers, choices, spans, words
lists.py    the kinds that have several: names, numbers, texts, columns
plane.py    the kinds that are set in the picture: places, dots
table.py    setting and Settings: a table of them, and its address
text.py     values and their texts in an address, as all kinds write and read them
"""

from gmmviz.settings.kinds import Choice, Decade, Ends, Number, Setting, Span, Word
from gmmviz.settings.lists import ColumnList, LineList, NumberList, Several, TextList
from gmmviz.settings.plane import Dots, Places
from gmmviz.settings.table import Settings, setting
from gmmviz.settings.text import LONGEST, as_text, text_of

__all__ = [
    "LONGEST",
    "Choice",
    "ColumnList",
    "Decade",
    "Dots",
    "Ends",
    "LineList",
    "Number",
    "NumberList",
    "Places",
    "Setting",
    "Settings",
    "Several",
    "Span",
    "TextList",
    "Word",
    "as_text",
    "setting",
    "text_of",
]
