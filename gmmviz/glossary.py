"""The glossary: every term that a page uses, in a sentence or two, its formula, and where it is best seen.

One table: the explanations on hover, the helps of widgets whose label is a term and the page Glossary read it.
In a sentence, and in a page's prose, `[[weights]]` marks a term, in any of its forms; `marks` finds them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple


def anchor(words: str) -> str:
    """Return words as an id, or as what follows the # in an address.

    >>> anchor("Log-likelihood −1,956.752")
    'log-likelihood-1-956-752'
    """
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


class Seen(NamedTuple):
    """Where a term is best seen.

    Attributes
    ----------
    page : str
        The page's name, see `gmmviz.pages.PAGES`.
    label : str
        What is to be seen there: the link's words.
    query : mapping of str to str
        The settings, as an address holds them.
    """

    page: str
    label: str
    query: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Term:
    """One term.

    Attributes
    ----------
    name : str
        What it is called, as within a sentence.
    says : str
        What it is, in one or two sentences; other terms in them are marked.
    theme : str
        The part of the glossary in which it stands.
    seen : Seen
        Where it is best seen.
    forms : tuple of str
        Other words for it: the plural, what it is called in short.
    formula : str
        The same for KaTeX, or "".
    related : tuple of str
        Names of terms to read next, beside those that the sentences mark.
    """

    name: str
    says: str
    theme: str
    seen: Seen
    forms: tuple[str, ...] = ()
    formula: str = ""
    related: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """What follows the # in its address on the page Glossary.

        >>> TERMS["E-step"].anchor, TERMS["true label"].anchor
        ('e-step', 'true-label')
        """
        return anchor(self.name)

    @property
    def title(self) -> str:
        """Its name as a heading."""
        return self.name[:1].upper() + self.name[1:]


MIXTURE = "What a mixture is made of"
EM = "How EM finds it"
END = "How it ends, and what may go wrong"
HOW_MANY = "How many components"
GROUPS = "Groups, true and found"
THEMES = (MIXTURE, EM, END, HOW_MANY, GROUPS)
"""The parts of the glossary, in order."""

_TERMS = (
    # --- What a mixture is made of ---
    Term(
        "mixture",
        "Several [[Gaussians]] added up, each with a share of the whole, its [[weight]]. It describes points that come "
        "in several groups.",
        MIXTURE,
        Seen("density", "A mixture of two, as a landscape"),
        ("mixtures", "Gaussian mixture", "Gaussian mixtures"),
        r"p(x) = \sum_{k=1}^{K} w_k \, \mathcal{N}(x \mid \mu_k, \Sigma_k)",
        ("density", "parameter"),
    ),
    Term(
        "component",
        "One of the [[Gaussians]] of a [[mixture]]. It has a number and a colour, the same wherever it is shown.",
        MIXTURE,
        Seen("explorer", "Three components find three groups"),
        ("components",),
        r"w_k \, \mathcal{N}(x \mid \mu_k, \Sigma_k)",
        ("weight", "mean", "covariance"),
    ),
    Term(
        "Gaussian",
        "The bell curve: points are most frequent at its [[mean]] and ever rarer away from it. In the plane it is a "
        "hill whose contour lines are [[ellipses]].",
        MIXTURE,
        Seen("one-dimension", "Three bell curves on a line"),
        ("Gaussians", "bell curve", "bell curves", "normal distribution", "normal distributions"),
        r"\mathcal{N}(x \mid \mu, \sigma^2) = \frac{1}{\sqrt{2 \pi \sigma^2}} \, e^{-(x - \mu)^2 / (2 \sigma^2)}",
        ("standard deviation", "covariance"),
    ),
    Term(
        "K",
        "How many [[Gaussians]] the [[mixture]] has. EM does not choose K: you do.",
        MIXTURE,
        Seen("choose-k", "Every K from 1 to 6 on the same points"),
        ("components K", "number of components"),
        "",
        ("component", "BIC"),
    ),
    Term(
        "mean",
        "The middle of a [[Gaussian]]: the numbered disc in the picture.",
        MIXTURE,
        Seen("one-dimension", "Where each mean comes from, number by number"),
        ("means",),
        r"\mu_k = \frac{1}{N_k} \sum_{n=1}^{N} r_{nk} \, x_n",
        ("M-step", "responsibility"),
    ),
    Term(
        "weight",
        "The share of all points that a [[component]] is expected to make. All weights together are 1.",
        MIXTURE,
        Seen(
            "k-means", "Groups in the ratio 50 : 10 : 1: what the weights decide", {"dataset": "imbalanced"}
        ),
        ("weights",),
        r"w_k = \frac{N_k}{N}, \quad \sum_{k=1}^{K} w_k = 1",
        ("effective number of points",),
    ),
    Term(
        "variance",
        "How widely numbers scatter around their [[mean]]: the average squared distance from it.",
        MIXTURE,
        Seen("one-dimension", "Each component's variance, worked out"),
        ("variances",),
        r"\sigma^2 = \frac{1}{N} \sum_{n=1}^{N} (x_n - \mu)^2",
        ("standard deviation", "covariance"),
    ),
    Term(
        "standard deviation",
        "The square root of the [[variance]]: how far from the [[mean]] points typically lie, in the data's own unit.",
        MIXTURE,
        Seen("one-dimension", "Taken for variances, deviations lead elsewhere", {"variances": "25,9,1"}),
        ("standard deviations", "deviation", "deviations"),
        r"\sigma = \sqrt{\sigma^2}",
        ("ellipse",),
    ),
    Term(
        "covariance",
        "How a [[Gaussian]] in the plane scatters: its [[variance]] along each axis, and how much the two go together. "
        "It decides width, length and tilt of the [[ellipses]].",
        MIXTURE,
        Seen("explorer", "Long, tilted groups", {"dataset": "stretched"}),
        ("covariances", "covariance matrix", "covariance matrices"),
        r"\Sigma_k = \frac{1}{N_k} \sum_{n=1}^{N} r_{nk} \, (x_n - \mu_k)(x_n - \mu_k)^{\mathsf{T}}",
        ("covariance type",),
    ),
    Term(
        "covariance type",
        "Which shapes the [[Gaussians]] may take: [[full]], [[tied]], [[diagonal]] or [[spherical]]. Fewer shapes need "
        "fewer [[parameters]].",
        MIXTURE,
        Seen("compare", "The four types side by side"),
        ("covariance types",),
    ),
    Term(
        "full",
        "A [[covariance type]]: each [[Gaussian]] may be any [[ellipse]], of any tilt.",
        MIXTURE,
        Seen("explorer", "Three tilted ellipses", {"dataset": "stretched"}),
        (),
        r"\Sigma_k = \begin{pmatrix} a_k & c_k \\ c_k & b_k \end{pmatrix}",
    ),
    Term(
        "tied",
        "A [[covariance type]]: all [[Gaussians]] share one [[ellipse]], of any shape.",
        MIXTURE,
        Seen("explorer", "One shape for three groups", {"dataset": "stretched", "covariance": "tied"}),
        ("shared covariance",),
        r"\Sigma_k = \Sigma",
    ),
    Term(
        "diagonal",
        "A [[covariance type]], diag for short: each [[ellipse]] lies along the axes, without a tilt.",
        MIXTURE,
        Seen("explorer", "Ellipses along the axes", {"dataset": "stretched", "covariance": "diag"}),
        ("diag",),
        r"\Sigma_k = \begin{pmatrix} a_k & 0 \\ 0 & b_k \end{pmatrix}",
    ),
    Term(
        "spherical",
        "A [[covariance type]]: each [[Gaussian]] is round, a circle.",
        MIXTURE,
        Seen("explorer", "Circles on long groups", {"dataset": "stretched", "covariance": "spherical"}),
        (),
        r"\Sigma_k = \begin{pmatrix} a_k & 0 \\ 0 & a_k \end{pmatrix}",
    ),
    Term(
        "ellipse",
        "A line around a [[mean]] on which a [[Gaussian]] is equally high all the way. The pictures draw it at 1, 2 "
        "and 3 [[standard deviations]].",
        MIXTURE,
        Seen("explorer", "Three ellipses around each mean"),
        ("ellipses",),
        r"(x - \mu)^{\mathsf{T}} \, \Sigma^{-1} (x - \mu) = d^2, \quad d = 1, 2, 3",
        ("covariance",),
    ),
    Term(
        "density",
        "How crowded a [[mixture]] expects a place to be: the share of new points to expect there, per unit of area.",
        MIXTURE,
        Seen("density", "Bright where points are expected"),
        ("densities",),
        r"p(x) = \sum_{k=1}^{K} w_k \, \mathcal{N}(x \mid \mu_k, \Sigma_k)",
        ("log-likelihood",),
    ),
    Term(
        "parameter",
        "A number that EM may choose freely: those of the [[weights]], [[means]] and [[covariances]]. More of them fit "
        "any points better, also by chance.",
        MIXTURE,
        Seen("choose-k", "The number of parameters, p, in each cell of the map"),
        ("parameters", "free numbers", "free parameters"),
        r"p = (K - 1) + K D + K \, \tfrac{D (D + 1)}{2} \quad \text{(full, } D \text{ features)}",
        ("BIC", "covariance type"),
    ),
    Term(
        "noise",
        "How far the points scatter around the shape they were made from. The more noise, the more groups merge.",
        MIXTURE,
        Seen("compare", "The same groups with more and more noise", {"vary": "noise", "dataset": "blobs"}),
    ),
    # --- How EM finds it ---
    Term(
        "EM",
        "Expectation-maximisation: a method that fits a [[mixture]] to points. It takes two steps in turn, the "
        "[[E-step]] and the [[M-step]], until hardly anything changes.",
        EM,
        Seen("explorer", "EM at work, both steps in turn"),
        ("expectation-maximisation", "EM algorithm"),
        "",
        ("iteration", "converged"),
    ),
    Term(
        "start",
        "Where EM begins. It climbs to the nearest hilltop only, so another start may end elsewhere.",
        EM,
        Seen(
            "compare",
            "The six ways to start, on the same points",
            {"vary": "init", "dataset": "varied", "k": "5"},
        ),
        ("starts", "initialisation", "initialisations"),
        "",
        ("seed", "optimum"),
    ),
    Term(
        "seed",
        "The number from which all random choices follow. The same seed always gives the same points, or the same "
        "[[start]].",
        EM,
        Seen("compare", "Six seeds on the same points", {"vary": "init_seed", "dataset": "imbalanced"}),
        ("seeds", "start seed", "data seed"),
    ),
    Term(
        "iteration",
        "One [[E-step]] and the [[M-step]] after it. Iteration 0 is the [[start]].",
        EM,
        Seen("explorer", "Iteration 3 of a run", {"it": "3"}),
        ("iterations",),
    ),
    Term(
        "E-step",
        "The half of EM that asks, for each point, which [[component]] could have made it. Its answers are the "
        "[[responsibilities]].",
        EM,
        Seen("one-dimension", "The E-step as a table, a row for each point"),
        ("E-steps",),
        r"r_{nk} = \frac{w_k \, \mathcal{N}(x_n \mid \mu_k, \Sigma_k)}"
        r"{\sum_{j=1}^{K} w_j \, \mathcal{N}(x_n \mid \mu_j, \Sigma_j)}",
    ),
    Term(
        "M-step",
        "The half of EM that moves the [[Gaussians]]: each gets the [[mean]], [[covariance]] and [[weight]] of its "
        "points, every point counted by its [[responsibility]].",
        EM,
        Seen("one-dimension", "The M-step with its numbers put in"),
        ("M-steps",),
        r"N_k = \sum_{n=1}^{N} r_{nk}, \quad w_k = \frac{N_k}{N}, \quad "
        r"\mu_k = \frac{1}{N_k} \sum_{n=1}^{N} r_{nk} x_n",
    ),
    Term(
        "responsibility",
        "How surely a point belongs to a [[component]]: a share from 0 to 1. A point's shares add up to 1.",
        EM,
        Seen("one-dimension", "One point's responsibilities, worked out", {"row": "30"}),
        ("responsibilities", "membership"),
        r"r_{nk} = \frac{w_k \, \mathcal{N}(x_n \mid \mu_k, \Sigma_k)}"
        r"{\sum_{j=1}^{K} w_j \, \mathcal{N}(x_n \mid \mu_j, \Sigma_j)}",
        ("E-step",),
    ),
    Term(
        "effective number of points",
        "How many points a [[component]] has if each counts by its share: the sum of the component's "
        "[[responsibilities]].",
        EM,
        Seen("one-dimension", "Weight × N, in the table of the components"),
        (),
        r"N_k = \sum_{n=1}^{N} r_{nk}",
        ("weight",),
    ),
    Term(
        "most probable component",
        "The [[component]] with the largest [[responsibility]] for a point. It gives the point its colour.",
        EM,
        Seen("explorer", "Points in the colour of their component", {"colour": "component"}),
        ("most probable components",),
        r"\arg\max_k \; r_{nk}",
        ("true label",),
    ),
    Term(
        "log-likelihood",
        "How probable the [[mixture]] makes the points: the natural logarithm, summed over all of them. Higher is "
        "better, and EM climbs it.",
        EM,
        Seen("explorer", "The curve beside the picture climbs"),
        ("log-likelihoods", "likelihood", "likelihoods"),
        r"\log L = \sum_{n=1}^{N} \ln \sum_{k=1}^{K} w_k \, \mathcal{N}(x_n \mid \mu_k, \Sigma_k)",
        ("density", "optimum"),
    ),
    Term(
        "optimum",
        "A hilltop of the [[log-likelihood]]: no small change makes it higher. There may be several, and EM finds the "
        "one above its [[start]], which need not be the highest.",
        EM,
        Seen("restarts", "The hilltops that a hundred starts come to"),
        ("optima", "local optimum", "local optima", "hilltop", "hilltops"),
    ),
    # --- How it ends ---
    Term(
        "converged",
        "EM has converged when an [[iteration]] changes hardly anything: less than the [[tolerance]]. What it has "
        "found is a hilltop, not surely the highest.",
        END,
        Seen(
            "compare", "Stopped early, and run to the end", {"vary": "tol", "init": "random-responsibilities"}
        ),
        ("converges", "converge"),
        "",
        ("optimum",),
    ),
    Term(
        "tolerance",
        "EM stops when an [[iteration]] changes less than this, for each point. Larger stops sooner, often too soon.",
        END,
        Seen(
            "compare", "Stopped early, and run to the end", {"vary": "tol", "init": "random-responsibilities"}
        ),
        ("stop rule",),
        r"\frac{\log L_{t} - \log L_{t-1}}{N} \lt \text{tolerance}",
        ("converged",),
    ),
    Term(
        "collapse",
        "A [[component]] shrinks onto a single point, or onto equal ones, and the [[log-likelihood]] grows without "
        "end. Such a fit says nothing about the groups.",
        END,
        Seen("collapse", "A Gaussian shrinks onto one point"),
        ("collapses", "collapsed"),
        r"\sigma_k \to 0 \;\Rightarrow\; \mathcal{N}(\mu_k \mid \mu_k, \sigma_k^2) \to \infty",
        ("floor", "sound"),
    ),
    Term(
        "floor",
        "This share of each feature's [[variance]] is added to every variance, so that no [[Gaussian]] can shrink onto "
        "a single point. At 0 the [[log-likelihood]] can never fall, but a [[component]] may [[collapse]].",
        END,
        Seen("collapse", "The same start, with a floor", {"floor": "0.001"}),
        ("floors", "floor on the covariance"),
        r"\Sigma_k + \text{floor} \cdot \mathrm{diag}(s_1^2, \dots, s_D^2)",
    ),
    Term(
        "sound",
        "A fit is sound if no [[component]] sits at the [[floor]], rests on hardly any points, or has [[collapsed]]. "
        "One that is not is called degenerate; its high [[log-likelihood]] counts for nothing.",
        END,
        Seen(
            "choose-k",
            "Few points and no floor: cells that are crossed out",
            {"dataset": "blobs", "n": "40", "floor": "0", "ks": "1-9"},
        ),
        ("unsound", "degenerate", "spurious"),
    ),
    # --- How many components ---
    Term(
        "AIC",
        "Akaike's criterion for choosing K: minus twice the [[log-likelihood]], plus 2 for each [[parameter]]. Lower "
        "is better; it often takes too many [[components]].",
        HOW_MANY,
        Seen(
            "choose-k", "AIC takes more than BIC", {"dataset": "blobs", "n": "150", "ks": "1-8", "by": "aic"}
        ),
        (),
        r"\mathrm{AIC} = -2 \log L + 2 p",
        ("BIC", "K"),
    ),
    Term(
        "BIC",
        "A score for choosing K: minus twice the [[log-likelihood]], plus a price for each [[parameter]]. Lower is "
        "better, on the same points.",
        HOW_MANY,
        Seen("choose-k", "BIC of every K and every type"),
        (),
        r"\mathrm{BIC} = -2 \log L + p \log N",
        ("AIC", "ICL", "K"),
    ),
    Term(
        "ICL",
        "[[BIC]] with a further price for points that lie between [[components]]. Lower is better; it prefers groups "
        "that are well apart.",
        HOW_MANY,
        Seen("choose-k", "ICL joins groups that overlap", {"dataset": "blobs", "noise": "2", "by": "icl"}),
        (),
        r"\mathrm{ICL} = \mathrm{BIC} - 2 \sum_{n=1}^{N} \log \max_k r_{nk}",
    ),
    Term(
        "held-out log-likelihood",
        "How probable a fit makes points that it has not seen, per point. Higher is better, and a fit that only "
        "learned its own points by heart does badly.",
        HOW_MANY,
        Seen("choose-k", "Every K judged by points held out", {"by": "held_out"}),
        ("held out", "held-out", "held-out points"),
        r"\frac{1}{N_f} \sum_{n \in f} \log p_{-f}(x_n)",
        ("fold", "log-likelihood"),
    ),
    Term(
        "fold",
        "One of several parts into which the points are divided. Each in turn is held out, and judged by a fit to the "
        "others.",
        HOW_MANY,
        Seen("choose-k", "Three folds instead of five", {"folds": "3", "by": "held_out"}),
        ("folds",),
        "",
        ("held-out log-likelihood",),
    ),
    # --- Groups, true and found ---
    Term(
        "true label",
        "The group from which a point was really drawn. EM never sees it; of most real data nobody knows it.",
        GROUPS,
        Seen("explorer", "The points in the colours of their true groups", {"colour": "truth"}),
        ("true labels", "true group", "true groups", "truth"),
    ),
    Term(
        "ARI",
        "Adjusted Rand index: how well the groups found agree with the true ones. 1 is perfect, 0 is chance.",
        GROUPS,
        Seen("k-means", "Two methods, compared with the truth", {"dataset": "varied", "colour": "truth"}),
        ("adjusted Rand index",),
        r"\mathrm{ARI} = \frac{\text{agreement} - \text{chance}}{\text{most possible} - \text{chance}}",
        ("true label",),
    ),
    Term(
        "k-means",
        "A simpler method than EM: every point belongs wholly to the nearest of K centres, and each centre moves to "
        "the [[mean]] of its points.",
        GROUPS,
        Seen("k-means", "K-means and EM from the same first means"),
        (),
        r"\arg\min_k \lVert x_n - \mu_k \rVert^2",
        ("cluster", "inertia", "responsibility"),
    ),
    Term(
        "cluster",
        "A group as [[k-means]] finds it: all points that are nearest to one centre, which is their [[mean]].",
        GROUPS,
        Seen("k-means", "Clusters on the left, components on the right"),
        ("clusters", "centre", "centres"),
    ),
    Term(
        "inertia",
        "What [[k-means]] makes small: the sum of the squared distances from the points to their [[cluster]]'s centre.",
        GROUPS,
        Seen("k-means", "The inertia falls while the log-likelihood rises"),
        (),
        r"\sum_{n=1}^{N} \lVert x_n - \mu_{k(n)} \rVert^2",
    ),
)

TERMS = {term.name: term for term in _TERMS}
"""Every term, by its name."""
FORMS = {form.lower(): term for term in _TERMS for form in (term.name, *term.forms)}
"""Every term, by each of its forms in small letters."""

_MARK = re.compile(r"\[\[([^\[\]|]+)(?:\|([^\[\]|]+))?(?:\|([^\[\]]+))?\]\]")


def term_of(form: str) -> Term:
    """Return the term of a form, in capitals or not.

    >>> term_of("Responsibilities").name
    'responsibility'
    """
    return FORMS[form.lower()]


def replace_marks(text: str, write: Callable[[str, Term, str], str]) -> str:
    """Return a text with its marks replaced by what `write` makes of the words shown, the term and what is added.

    A mark is `[[words]]`, where the words are a form of the term, `[[words|term]]` where they are not, or
    `[[words|term|more]]` where there is something to add to the explanation. A KeyError names a term that is none.

    >>> replace_marks("of [[17 numbers|parameters|Here: 17.]]", lambda shown, term, more: f"{term.name}: {more}")
    'of parameter: Here: 17.'
    """

    def written(mark: re.Match) -> str:
        shown, form, more = mark.groups("")
        return write(shown, term_of(form or shown), more)

    return _MARK.sub(written, text)


def plain(text: str) -> str:
    """Return a text without its marks.

    >>> plain("EM alternates [[E-step]] and [[its other half|M-step]].")
    'EM alternates E-step and its other half.'
    """
    return replace_marks(text, lambda shown, term, more: shown)


def marks(text: str) -> list[Term]:
    """Return the terms that a text marks, in order.

    >>> [term.name for term in marks("Its [[weights]] and [[shape|covariance]]")]
    ['weight', 'covariance']
    """
    found: list[Term] = []
    replace_marks(text, lambda shown, term, more: found.append(term) or "")
    return found


def says(name: str) -> str:
    """Return what a term is, in plain words: the help of a widget whose label is the term.

    >>> says("K")
    'How many Gaussians the mixture has. EM does not choose K: you do.'
    """
    return plain(TERMS[name].says)
