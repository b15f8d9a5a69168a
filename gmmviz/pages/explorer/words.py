"""Explorer: what is seen on the page, in plain words made from the settings."""

from gmmviz.em.sentences import counted
from gmmviz.numerals import numeral

SMALL = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
"""Numbers that a sentence spells out."""


def what_is_seen(N: int, K: int) -> str:
    """Return what the film shows, as its title: N points and K components.

    >>> what_is_seen(500, 3)
    '500 points, and three bell curves looking for their groups'
    >>> what_is_seen(1200, 1)
    '1,200 points, and one bell curve looking for its group'
    """
    K_in_words = SMALL[K] if K < len(SMALL) else numeral(K)
    found = "bell curve looking for its group" if K == 1 else "bell curves looking for their groups"
    return f"{counted(N, 'point')}, and {K_in_words} {found}"
