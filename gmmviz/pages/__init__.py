"""The pages: one table of them, in order. It feeds the navigation, the README's list and the tests.

Each page is a room, a package here, opened by a script of two lines, whose name is the page's address.
"""

from importlib import import_module
from typing import NamedTuple

from gmmviz.settings import Settings


class Page(NamedTuple):
    """One page.

    Attributes
    ----------
    name : str
        Its address, and its script's name without the ending.
    title, icon : str
        Its entry in the navigation.
    purpose : str
        What it is for, in a sentence.
    film : bool
        Whether a film plays on it.
    """

    name: str
    title: str
    icon: str
    purpose: str
    film: bool = True

    @property
    def script(self) -> str:
        """The script that opens it, seen from app.py."""
        return f"pages/{self.name}.py"

    @property
    def opening(self) -> Settings:
        """The settings that it opens with: its room's own, which are read when they are asked for."""
        room = import_module(f"gmmviz.pages.{self.name.replace('-', '_')}.settings")
        own = (
            value for value in vars(room).values() if isinstance(value, type) and issubclass(value, Settings)
        )
        return next(table for table in own if table.__module__ == room.__name__)()

    @property
    def default(self) -> bool:
        """Whether the app opens with it."""
        return self == PAGES[0]


PAGES = (
    Page(
        "explorer",
        "Explorer",
        ":material/bubble_chart:",
        "Choose data, K, covariance type and start; play the iterations forward and back, whole or as E- and M-step; "
        "read the numbers of any iteration.",
    ),
    Page(
        "stories",
        "Stories",
        ":material/auto_stories:",
        "Ten short stories, for one reader or a lecture: a question, your prediction, the film, what happened, and "
        "why.",
        film=False,  # not on the list with which it opens
    ),
    Page(
        "compare",
        "Compare",
        ":material/view_module:",
        "What does a setting change? Up to six runs that differ in one of them, side by side and in step, with a table "
        "that says what follows.",
    ),
    Page(
        "one-dimension",
        "One dimension",
        ":material/linear_scale:",
        "Every number of one iteration on a few points: the E-step as a table, the M-step as formulas.",
    ),
    Page(
        "k-means",
        "K-means",
        ":material/contrast:",
        "The same data and starting means, hard and soft; the bridge from one to the other; predicting a new point.",
    ),
    Page(
        "density",
        "Density",
        ":material/landscape:",
        "A mixture as a density: its picture while EM runs, new points drawn from it, and how many components held-out "
        "points ask for.",
    ),
    Page(
        "restarts",
        "Restarts",
        ":material/replay:",
        "Hundreds of starts at once: which optima they find, how often, and how many starts it takes to see the best.",
    ),
    Page(
        "choose-k",
        "Choose K",
        ":material/grid_on:",
        "How many components, and of which shape? Every K with every covariance type, judged by AIC, BIC, ICL and "
        "held-out points, side by side.",
    ),
    Page(
        "collapse",
        "Collapse",
        ":material/compress:",
        "Why the floor on the covariance is there: a component on a single point, and three remedies.",
    ),
    Page(
        "glossary",
        "Glossary",
        ":material/menu_book:",
        "Every term in a sentence or two, then its formula, and a link to where it is best seen.",
        film=False,
    ),
    Page(
        "teachers",
        "For teachers",
        ":material/school:",
        "Links for a class: what they open, what they hide, and where the presenter's next key goes on.",
        film=False,
    ),
)


def script(name: str) -> str:
    """Return the script of the page of that name, for links to it.

    >>> script("k-means")
    'pages/k-means.py'
    """
    return next(page.script for page in PAGES if page.name == name)
