"""Choosing K: what each criterion is, its sign, and a dataset on which it misleads; and things to try."""

from __future__ import annotations

from typing import NamedTuple

from gmmviz.pages.choose_k.settings import ChooseK
from gmmviz.settings import Ends


class Explained(NamedTuple):
    """What the page says of a criterion.

    Attributes
    ----------
    title, formula : str
        Its name; the formula, for KaTeX.
    means : str
        What it is, and which sign is the better.
    misleads : str
        When it misleads.
    example : str
        A link's label: what is to be seen there.
    settings : ChooseK
        Where the link leads.
    """

    title: str
    formula: str
    means: str
    misleads: str
    example: str
    settings: ChooseK


EXPLAINED = {
    "bic": Explained(
        "BIC, the Bayesian information criterion",
        r"\mathrm{BIC} = -2 \log L + p \log N",
        "log L is the log-likelihood: how probable the fit makes the points. Each of the fit's p [[parameters]] has a "
        "price, log N, which grows with the number of points N. **Lower is better**, as in scikit-learn; in R, mclust "
        "reports the negative, where higher is better.",
        "It counts Gaussians, not groups: a group that is not shaped like a Gaussian takes several.",
        "Two moons: BIC asks for nine Gaussians",
        ChooseK(dataset="moons", ks=Ends(1, 12)),
    ),
    "aic": Explained(
        "AIC, Akaike's information criterion",
        r"\mathrm{AIC} = -2 \log L + 2 p",
        "As BIC, but with a price of 2 for each parameter, however many points there are. **Lower is better**, in "
        "scikit-learn and by R's AIC() alike.",
        "It is too cheap: it buys components that only follow the noise.",
        "Three plain groups, 150 points: BIC takes three components, AIC seven",
        ChooseK(dataset="blobs", n=150, ks=Ends(1, 8), by="aic"),
    ),
    "icl": Explained(
        "ICL, the integrated completed likelihood",
        r"\mathrm{ICL} = \mathrm{BIC} - 2 \sum_{n=1}^{N} \log \max_k r_{nk}",
        "BIC, and a price for overlap: a point whose largest [[responsibility]] r is 1 costs nothing, one that two "
        "components share costs up to 2 log 2. **Lower is better**; mclust's ICL has the other sign, as its BIC has.",
        "It wants groups that are well apart, and joins those that overlap.",
        "Three groups that overlap: BIC takes three, ICL joins two of them",
        ChooseK(dataset="blobs", noise=2.0, by="icl"),
    ),
    "held_out": Explained(
        "Held-out log-likelihood",
        r"\frac{1}{F} \sum_{f=1}^{F} \frac{1}{N_f} \sum_{n \in f} \log p_{-f}(x_n)",
        "How probable a fit makes points that it has not seen: the points are divided into F [[folds]], by the first "
        "start's seed, each in turn is held out, and p without f is the [[density]] fitted to all the others. Per "
        "point; **higher is better**, everywhere.",
        "Beyond enough components it is nearly flat, so that chance decides which K is a hair ahead.",
        "Three groups, and held-out points hardly tell seven cells apart",
        ChooseK(dataset="tutorial", ks=Ends(1, 8), by="held_out"),
    ),
    "ari": Explained(
        "ARI, the adjusted Rand index",
        r"\mathrm{ARI} = \frac{\text{agreement} - \text{chance}}{\text{most possible} - \text{chance}}",
        "Each point is given to its most probable component, and the groups that result are compared with the true "
        "ones. Agreement counts the pairs of points that are together in both; chance is what a random division into "
        "groups of these sizes would reach. 1 is perfect, 0 no better than chance. **Higher is better**, everywhere.",
        "It needs the true groups, which nobody knows who still has to choose K; and the fit that describes the points "
        "best need not find them.",
        "Two moons: ARI is best at K = 2, which none of the others picks",
        ChooseK(dataset="moons", colour="truth", by="ari"),
    ),
}
"""What the page says of each criterion."""
TRIES = [
    ("Guess first: how many groups are there?", ChooseK(dataset="blobs", noise=2.0, result="hidden")),
    ("Five narrow groups: all criteria agree", ChooseK(dataset="tutorial-five")),
    ("Old Faithful: BIC takes three components, ICL two", ChooseK(dataset="faithful")),
    (
        "Forty points and no floor: the more components, the fewer sound fits",
        ChooseK(dataset="blobs", n=40, floor=0.0, ks=Ends(1, 9)),
    ),
    (
        "A single start from random points in each cell: BIC takes eight components for five groups",
        ChooseK(dataset="tutorial-five", init="random-points", init_seed=1, restarts=1, ks=Ends(1, 8)),
    ),
    (
        "The same with ten starts in each cell: five",
        ChooseK(dataset="tutorial-five", init="random-points", init_seed=1, restarts=10, ks=Ends(1, 8)),
    ),
]
"""Things to try: what is to be seen, and where."""
