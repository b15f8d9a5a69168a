"""Stories: verdicts and counts, in words."""

from __future__ import annotations

from collections.abc import Sequence

from gmmviz.pages.stories.numbers import Verdict


def verdict_in_words(verdict: Verdict) -> str:
    """Return what became of a prediction, in Markdown.

    >>> print(verdict_in_words(Verdict(False, "67 %", "94 %")))
    :material/change_history: **It came out otherwise.**
    <BLANKLINE>
    You said: 67 %.
    <BLANKLINE>
    It is: **94 %**.
    """
    if verdict.right:
        same = verdict.said == verdict.answer
        said = f"**{verdict.answer}**." if same else f"You said {verdict.said}; it is **{verdict.answer}**."
        return f":material/check_circle: **Right.**\n\n{said}"
    return (
        ":material/change_history: **It came out otherwise.**\n\n"
        f"You said: {verdict.said}.\n\nIt is: **{verdict.answer}**."
    )


def counted_right(right: Sequence[bool], stories: int) -> str:
    """Return how many of some predictions were right, and how many stories there are.

    >>> counted_right([True, False, True], 10), counted_right([], 10)
    ('**2 of 3 predictions right**, 7 stories to go.', '10 stories, and none told yet.')
    """
    if not right:
        return f"{stories} stories, and none told yet."
    left = stories - len(right)
    rest = "all stories told." if left == 0 else f"{left} {'story' if left == 1 else 'stories'} to go."
    return f"**{sum(right)} of {len(right)} predictions right**, {rest}"
