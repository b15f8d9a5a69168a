"""Settings in a few words: for a browser's tab, a panel's heading, the sign that says what comes next."""

from gmmviz.numerals import numeral
from gmmviz.settings import Choice, Decade, Dots, Number, Places, Setting, Settings

APP = "gmmviz"
SHORT = {"k": "K", "n": "N", "init_seed": "Start seed"}
MOST, LONGEST = 6, 24
"""Settings that a title names at most, and characters of a list among them."""


def titled(row: Setting, value) -> str:
    """Return a setting's value as a title says it.

    >>> from gmmviz.experiment import Experiment
    >>> table = Experiment.table()
    >>> titled(table["k"], 3), titled(table["covariance"], "tied"), titled(table["floor"], 1e-3)
    ('K = 3', 'Tied', 'Floor 0.001')
    """
    if isinstance(row, Decade):
        return f"{row.label.partition(' ')[0]} {row.choices[value].partition(' ')[0]}"
    if isinstance(row, Choice):
        return row.choices[value].partition(":")[0]
    if isinstance(row, Number):
        return f"{SHORT.get(row.name, row.label)} = {numeral(value, 'g')}"
    if isinstance(row, Places):
        return row.label
    if isinstance(row, Dots):
        return f"N = {numeral(len(value))}"
    text = row.write(value)
    return f"{row.label} {text if len(text) <= LONGEST else text[:LONGEST] + ' ...'}"


def in_brief(settings: Settings, opening: Settings) -> str:
    """Return in a few words what settings are, beside those that their page opens with; "" where they are these.

    >>> from gmmviz.experiment import Experiment
    >>> in_brief(Experiment(dataset="moons", k=2), Experiment()), in_brief(Experiment(), Experiment())
    ('Moons, K = 2, full', '')
    """
    table, values = settings.table(), settings.spelled_out()
    changed = [
        name
        for name in settings.to_query(opening)
        if name != "it" and not table[name].quiet and values[name] not in (None, ())
    ]
    if not changed:
        return ""
    names = dict.fromkeys([*settings.headline, *changed])
    first, *others = [titled(table[name], values[name]) for name in names][:MOST]
    return ", ".join([first, *map(_within, others)])


def _within(words: str) -> str:
    """Return words as they stand within a sentence: "K = 3" keeps its letter."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def title(
    page: str, settings: Settings | None = None, opening: Settings | None = None, plain: bool = False
) -> str:
    """Return the title of a browser's tab: what is special about it first, as a tab has little room.

    Parameters
    ----------
    page : str
        The page's own title.
    settings, opening : Settings, optional
        What it shows, and what it opens with.
    plain : bool
        Whether the page needs no naming where the settings speak: the one that the app opens with.

    Examples
    --------
    >>> from gmmviz.experiment import Experiment
    >>> title("Explorer"), title("Explorer", Experiment(k=2), Experiment(), plain=True)
    ('Explorer · gmmviz', 'Blobs, K = 2, full · gmmviz')
    """
    brief = in_brief(settings, opening) if settings and opening else ""
    return " · ".join(filter(None, [brief, "" if brief and plain else page, APP]))
