"""What `benchmarks.web` compares the explorer with: Streamlit's own chart of the same film, on an empty page."""

import streamlit as st

from gmmviz.experiment import Experiment
from gmmviz.figures.film import film

st.set_page_config(layout="wide")
settings = Experiment.from_query({name: st.query_params[name] for name in ("n", "k", "tol", "max_iter")})[0]
seed = st.number_input("Start seed", 0, 99_999, step=1)
experiment = Experiment(**(vars(settings) | {"init_seed": seed}))
dataset = experiment.data()
figure = film(dataset, experiment.run(dataset.X))
figure["layout"]["meta"]["run"] = f"init_seed={seed},"
figure["layout"]["height"] = 480
st.plotly_chart(figure, key="film")
