"""A table that the user brings along: bytes or pasted text -> columns of numbers, or an error that says what to do.

CSV in its dialects: commas, semicolons, tabs or blanks between the entries, points or commas for decimals, names in the
first line or not. Nothing is left out silently: a table carries notes that count it.

reading.py    read: all of it, one step after another
text.py       bytes -> text; rows.py text -> rows of entries; numbers.py entries -> numbers
table.py      Table, Column, TableError: what comes of it
"""

from gmmviz.tables.numbers import SAME, WHY
from gmmviz.tables.reading import read
from gmmviz.tables.rows import MOST_COLUMNS, MOST_ROWS
from gmmviz.tables.table import MOST_GROUPS, Column, Table, TableError
from gmmviz.tables.text import MOST_BYTES

__all__ = [
    "MOST_BYTES",
    "MOST_COLUMNS",
    "MOST_GROUPS",
    "MOST_ROWS",
    "SAME",
    "WHY",
    "Column",
    "Table",
    "TableError",
    "read",
]
