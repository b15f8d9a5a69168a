"""Density and sampling: a mixture as a description of where points are."""

import streamlit as st

from gmmviz.figures.plane import density_figure, plane_of, sample_figure, scores_figure
from gmmviz.lessons.density import FOLDS, HELD_OUT_ITERATIONS, Density
from gmmviz.ui import cache, controls, lesson, report, session

session.begin("density", Density())
with st.sidebar:
    controls.data_controls()
    controls.mixture_controls()
    controls.control("drawn")
    controls.seed("drawn_seed", "Draw again")

settings = session.collect()
dataset, run = cache.dataset_of(settings), cache.run_of(settings)
mixture = run.states[-1].mixture
session.write_address(settings)

lesson.opening(
    "Density and sampling",
    "A mixture need not sort points into groups: how well does it describe *where* points are, and new ones will be?",
)
report.summary(dataset, run, settings.covariance)

drawn, components = settings.sample(mixture)
plane = plane_of(dataset, drawn)
density, volume = density_figure(dataset, mixture, plane)
left, right = st.columns(2)
with left:
    st.markdown("**The density** under the data")
    st.plotly_chart(density, config={"displaylogo": False}, key="density")
    st.caption(
        "The brighter, the denser. The thinnest component is narrower than the picture's grid, which misses part of it."
        if volume is None
        else f"The brighter, the denser. Over the part of the plane shown the density integrates to {volume:.3f}; over "
        "the whole plane, to 1."
    )
with right:
    st.markdown(f"**{settings.drawn} new points**, drawn from the mixture")
    st.plotly_chart(
        sample_figure(dataset, drawn, components, plane), config={"displaylogo": False}, key="sample"
    )
    st.caption(
        "Each was drawn in two steps: first a component, by the weights; then a point from that Gaussian."
    )

st.latex(
    r"p(x) = \sum_{k=1}^{K} \texttt{weights}_k \; \mathcal{N}(x \mid \texttt{means}_k, \texttt{covariances}_k)"
)
report.events(run)

st.markdown("##### How many components? Ask points that the fit has not seen")
tried, scores = cache.held_out_of(settings)
st.plotly_chart(scores_figure(tried, scores, settings.k), config={"displaylogo": False}, key="scores")
best = scores.mean(axis=1).argmax()
st.caption(
    f"The data are divided into {FOLDS} parts; each in turn is held out, the mixture is fitted to the others, and "
    "judged on the part held out. The line is the mean over the parts, the band their standard deviation. Best here: "
    f"K = {tried[best]} with {scores[best].mean():.3f} per point. Each fit sees only some of the points, and stops "
    f"after {HELD_OUT_ITERATIONS} iterations at the latest; the best K for all of them may be a little larger."
)

lesson.things_to_try(
    "pages/density.py",
    [
        (
            "200 moons with K = 16, as in a well-known lecture: thin slivers, and the curve falls",
            Density(k=16),
        ),
        ("200 moons with K = 12: about the best that so few points allow", Density(k=12)),
        ("1500 moons with K = 16: with more points it no longer overfits", Density(n=1500, k=16)),
    ],
)
