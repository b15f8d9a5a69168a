"""What a film must say at each stop, worked out here from the run itself with gmmviz's own E-step."""

from itertools import combinations
from math import atan2, hypot, pi

import numpy as np

from gmmviz.em import Run, e_step
from gmmviz.figures.narration import DIRECTIONS, OF_CENTRES, SENTENCES, SENTENCES_OF_SEVERAL
from gmmviz.numerals import numeral


def whose(X, state):
    """Each point's most probable component."""
    return e_step(X, state.mixture)[0].argmax(axis=1)


def counted(forms, n, **facts):
    """A template for so many."""
    form = {0: "none", 1: "one"}.get(n, "many")
    return forms[form if form in forms else "many"].format(n=numeral(n), **facts)


def told_apart(one, other):
    digits = next(d for d in range(3, 15) if numeral(one, f".{d}g") != numeral(other, f".{d}g"))
    return [numeral(value, f".{digits}g") for value in (one, other)]


class Narrated:
    """The sentences of one run's film.

    Parameters
    ----------
    X : (N, D) array
    run : Run
    iterations : sequence of int
        Those shown.
    steps : bool
    features : sequence of int
        Those shown, two, or in one dimension one.
    names : sequence of str
        Of the features, where they have units of their own; else None.
    """

    def __init__(self, X, run, iterations, steps, features=(0, 1), names=None):
        self.X, self.run, self.steps, self.features, self.names = X, run, steps, list(features), names
        self.states = [run.states[t] for t in iterations]
        self.K = run.states[0].mixture.n_components
        self.last = run.states[-1].iteration
        ranges = np.ptp(X, axis=0)[self.features]
        self.units = ranges if names else np.full(len(ranges), ranges.max())

    def all(self):
        """The sentence of each stop."""
        if not self.steps:
            return [self.whole(i) for i in range(len(self.states))]
        found = [self.ending() if self.last == 0 else counted(SENTENCES["uncoloured"], self.K, K=self.K)]
        for i in range(1, len(self.states)):
            found += [self.e_step(i - 1), self.m_step(i)]
        return found

    # --- The halves -----------------------------------------------------------------------------------------------

    def largest(self, i):
        counts = np.bincount(whose(self.X, self.states[i]), minlength=self.K)
        facts = {"k": counts.argmax() + 1, "n": numeral(int(counts.max())), "N": numeral(len(self.X))}
        return facts

    def e_step(self, i):
        if self.K == 1:
            return SENTENCES["e_step_of_one"]
        if i == 0:
            return SENTENCES["first_e_step"].format(**self.largest(0))
        s, t = (self.states[j].iteration for j in (i - 1, i))
        return SENTENCES["e_step"].format(
            changed=self.changed(i, "changed_since" if t > s + 1 else "changed")
        )

    def changed(self, i, template):
        before, after = (whose(self.X, self.states[j]) for j in (i - 1, i))
        s = numeral(self.states[i - 1].iteration)
        return counted(SENTENCES[template], int((before != after).sum()), s=s)

    def m_step(self, i):
        if self.states[i].iteration == self.last:
            return self.ending()
        return self.step(i, "m_step", self.notable(i))

    def step(self, i, name, notable):
        s, t = (self.states[j].iteration for j in (i - 1, i))
        moved = self.moved(i, why=name == "m_step" and not notable and t == s + 1)
        if notable and moved == SENTENCES["still"]:
            return notable
        happened = {"moved": moved, "changed": self.changed(i, "changed") if name == "whole" else ""}
        template = SENTENCES[name + "_since" * (t > s + 1)]
        return " ".join(filter(None, [template.format(s=numeral(s), t=numeral(t), **happened), notable]))

    def whole(self, i):
        if self.states[i].iteration == self.last:
            return self.ending()
        if i == 0:
            return (
                SENTENCES["start"]["one"]
                if self.K == 1
                else SENTENCES["start"]["many"].format(**self.largest(0))
            )
        notable = self.notable(i)
        return self.step(i, "whole_short" if notable or self.K == 1 else "whole", notable)

    # --- What moved -----------------------------------------------------------------------------------------------

    def moved(self, i, why):
        before, after = (self.states[j].mixture for j in (i - 1, i))
        moves = (after.means - before.means)[:, self.features]
        deviations = [
            np.sqrt(np.diagonal(m.covariances, axis1=1, axis2=2))[:, self.features] for m in (before, after)
        ]
        ways = np.sqrt(((moves / self.units) ** 2).sum(axis=1))
        widths = np.abs(deviations[1] - deviations[0]) / self.units
        if max(ways.max(), widths.max()) < 1e-3:
            return SENTENCES["still"]
        if widths.max() > ways.max():
            k, along = np.unravel_index(widths.argmax(), widths.shape)
            one, other = (d[k, along] for d in deviations)
            name = ("widened" if other > one else "narrowed") + "_and_why" * why
            sentence = SENTENCES[name][2 if len(self.features) == 1 else along]
            return sentence.format(
                k=k + 1, **dict(zip(("before", "after"), told_apart(one, other), strict=True))
            )
        k = int(ways.argmax())
        x, y = [*moves[k], 0.0][:2]
        and_why = "_and_why" * why
        if self.names is None:
            distance, eighth = hypot(x, y), round(atan2(y, x) / (pi / 4)) % 8
            return SENTENCES[f"moved{and_why}"].format(
                k=k + 1, distance=short(distance), direction=DIRECTIONS[eighth]
            )
        along = int(np.argmax(np.abs(moves[k]) / self.units))
        direction = [("to the right", "to the left"), ("up", "down")][along][int(moves[k][along] < 0)]
        return SENTENCES[f"moved_along{and_why}"].format(
            k=k + 1, distance=short(abs(moves[k][along])), direction=direction, name=self.names[along]
        )

    # --- Notable moments ------------------------------------------------------------------------------------------

    def notable(self, i):
        s, t = (self.states[j].iteration for j in (i - 1, i))
        here = [event for event in self.run.events if s < event.iteration <= t]
        for event in here:
            if event.kind == "decreased":
                return SENTENCES["fell"].format(amount=numeral(event.amount, ".3g"))
        for event in here:
            if event.kind == "empty":
                return SENTENCES["emptied"].format(k=event.components[0] + 1)
        for event in here:
            if event.kind == "degenerate" and not event.points:
                return SENTENCES["shrunk"].format(k=event.components[0] + 1)
        return self.starves(i) or self.shares(i) or self.nearly(i)

    def starves(self, i):
        points = self.states[i].mixture.weights * len(self.X)
        points = np.where(points > 0, points, np.inf)
        if points.min() >= 2 * (self.X.shape[1] + 1):
            return ""
        return SENTENCES["starves"].format(k=points.argmin() + 1, points=numeral(points.min(), ".2g"))

    def shares(self, i):
        mixture = self.states[i].mixture
        apart = {}
        for j, k in combinations(np.flatnonzero(mixture.weights > 0), 2):
            way = mixture.means[j] - mixture.means[k]
            apart[j, k] = max(np.sqrt(way @ np.linalg.solve(mixture.covariances[one], way)) for one in (j, k))
        if not apart or min(apart.values()) > 0.5:
            return ""
        j, k = min(apart, key=apart.get)
        return SENTENCES["shares"].format(j=j + 1, k=k + 1)

    def nearly(self, i):
        first, now, last = (
            s.log_likelihood for s in (self.run.states[0], self.states[i], self.run.states[-1])
        )
        if self.run.stop_reason != "converged" or not 0 < last - now <= 1e-3 * (last - first):
            return ""
        return SENTENCES["nearly"].format(left=numeral(last - now, ".2g"))

    def ending(self, sentences=SENTENCES):
        template = sentences[self.run.stop_reason]
        if self.run.stop_reason == "max_iter" and self.last and "max_iter_still" in sentences:
            before, after = (state.log_likelihood for state in self.run.states[-2:])
            if abs(after - before) < 1e-12 * abs(after):
                template = sentences["max_iter_still"]
        if isinstance(template, dict):
            return counted(template, self.last)
        collapsed = [event.components[0] + 1 for event in self.run.events if event.kind == "collapsed"]
        return template.format(t=numeral(self.last), k=collapsed[0] if collapsed else "")


def short(distance):
    return numeral(distance, ".2g" if distance < 100 else ".3g")


class SeveralNarrated:
    """The sentences of a film of several runs side by side.

    Parameters
    ----------
    X : (N, 2) array
    runs : sequence of (str, Run or KMeansRun)
    iterations : sequence of int
        Those shown.
    steps : bool
    """

    def __init__(self, X, runs, iterations, steps):
        self.iterations, self.steps = iterations, steps
        self.runs = [
            (name, (RunAmongOthers if isinstance(run, Run) else CentresAmongOthers)(X, run, iterations))
            for name, run in runs
        ]

    def all(self):
        """The sentence of each stop."""
        if not self.steps:
            return [SENTENCES_OF_SEVERAL["start"], *(self.moving(i, "whole") for i in self.later())]
        found = [SENTENCES_OF_SEVERAL["uncoloured"]]
        for i in self.later():
            found += [self.asking(i - 1), self.moving(i, "m_step")]
        return found

    def later(self):
        return range(1, len(self.iterations))

    def asking(self, i):
        return self.said(i, "e_step", True) if i else SENTENCES_OF_SEVERAL["first_e_step"]

    def moving(self, i, name):
        return self.said(i, "end" if i == len(self.iterations) - 1 else name, False)

    def said(self, i, name, asks):
        s, t = self.iterations[i - 1], self.iterations[i]
        told = [f"{who}: {run.told(i, asks)}" for who, run in self.runs]
        name = "since" if name != "end" and t - s > 1 else name
        return SENTENCES_OF_SEVERAL[name].format(s=numeral(s), t=numeral(t), each=" ".join(told))


class RunAmongOthers(Narrated):
    """What is told of one run of EM."""

    def __init__(self, X, run, iterations):
        last = run.states[-1].iteration
        super().__init__(X, run, [min(t, last) for t in iterations], True)

    def told(self, i, asks):
        if self.states[i].iteration == self.last:
            return self.ending(SENTENCES_OF_SEVERAL)
        if asks:
            before, after = (whose(self.X, self.states[j]) for j in (i - 1, i))
            return counted(SENTENCES_OF_SEVERAL["changed"], int((before != after).sum()))
        moved = self.moved(i, why=False)
        if moved != SENTENCES["still"]:
            return moved
        if starving := self.starves(i):
            k, points = (word.strip(".") for word in (starving.split()[1], starving.split()[4]))
            return SENTENCES_OF_SEVERAL["starves"].format(k=k, points=points)
        return self.shares(i) or SENTENCES_OF_SEVERAL["still"]


class CentresAmongOthers:
    """What is told of k-means."""

    def __init__(self, X, run, iterations):
        self.X, self.run, self.iterations = X, run, iterations

    def told(self, i, asks):
        last = self.run.states[-1].iteration
        if self.iterations[i] >= last:
            return OF_CENTRES["converged"]["many"]
        before, after = (self.run.states[self.iterations[j]] for j in (i - 1, i))
        if asks:
            return counted(SENTENCES_OF_SEVERAL["changed"], int((before.labels != after.labels).sum()))
        moves = after.centres - before.centres
        ways = np.hypot(*moves.T)
        k = int(ways.argmax())
        if ways[k] < 1e-3 * np.ptp(self.X, axis=0).max():
            return SENTENCES_OF_SEVERAL["still"]
        eighth = round(atan2(moves[k, 1], moves[k, 0]) / (pi / 4)) % 8
        return OF_CENTRES["moved"].format(k=k + 1, distance=short(ways[k]), direction=DIRECTIONS[eighth])
