"""The page on k-means and mixtures: what it says at several addresses, and what a reader can do there."""

import json

import numpy as np
import pytest

from gmmviz.criteria import adjusted_rand
from gmmviz.em import e_step, whole
from gmmviz.em.sentences import counted
from gmmviz.glossary import says
from gmmviz.numerals import numeral
from gmmviz.pages import script
from gmmviz.pages.k_means.figure import k_means_film
from gmmviz.pages.k_means.numbers import bridge, paired_runs, point_to_predict, predict
from gmmviz.pages.k_means.settings import SHARES, KMeans
from gmmviz.pages.k_means.words import in_words
from tests.session import Session

PAGE = script("k-means")


def opened(**query):
    return Session({name: str(value) for name, value in query.items()}, PAGE)


def computed(**settings):
    chosen = KMeans(**settings)
    dataset = chosen.data()
    return chosen, dataset, paired_runs(chosen, dataset.X)


def plain(text):
    return text.replace("\u00a0", " ")


# --- What it shows ----------------------------------------------------------------------------------------------------


def test_it_opens_at_the_start_on_the_stretched_groups():
    session = opened()
    settings, dataset, runs = computed()
    mixture = runs.em.states[-1].mixture
    film = k_means_film(dataset, runs, point_to_predict(settings, dataset.X, mixture))
    assert session.errors == session.notices == []
    assert session.address == {}
    assert session.player["iteration"] == 0
    assert session.player["spots"] is True
    assert session.player["figure"] == json.loads(json.dumps(film))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"dataset": "imbalanced", "covariance": "diag", "k": 4},
        {"dataset": "iris", "init": "k-means++", "init_seed": 3},
        {"dataset": "moons", "n": 300, "k": 1},
        {"dataset": "tutorial-five", "k": 5, "px": 0.5, "py": 0.5},
    ],
)
def test_the_numbers_are_the_engines(settings):
    session = opened(colour="truth", **settings)
    _, dataset, runs = computed(**settings)
    hard, soft = runs.kmeans.states[-1], runs.em.states[-1]
    components = e_step(dataset.X, soft.mixture)[0].argmax(axis=1)
    words = session.words
    assert f"K-means: {counted(hard.iteration, 'iteration')}**" in words
    assert f"EM: {counted(soft.iteration, 'iteration')}**" in words
    assert f"inertia **{numeral(hard.inertia, '.2f')}**" in words
    assert f"log-likelihood **{numeral(soft.log_likelihood, '.2f')}**" in words
    for labels in (hard.labels, components):
        assert f"ARI **{adjusted_rand(dataset.labels, labels):.3f}**" in words


def test_the_truth_is_hidden_until_it_is_revealed():
    session = opened()
    assert "ARI **" not in session.words
    (control,) = session.at.get("button_group")
    control.set_value("truth").run()
    assert session.errors == []
    assert "ARI **0.574**" in session.words
    assert "ARI **1.000**" in session.words
    assert session.address == {"colour": "truth"}


def test_old_faithful_has_no_truth_to_reveal():
    words = opened(dataset="faithful", colour="truth").words
    assert "ARI **" not in words
    assert "Nobody knows the true groups" in words
    assert "the vertical axis counts for almost everything" in words


def test_what_happened_is_told_in_words():
    words = opened(dataset="iris", init="k-means++").words
    assert "equally far from two centres" in words
    assert "a diamond marks a tied point" in words
    words = opened(dataset="tutorial-five", init="scattered", init_seed=1, k=5).words
    assert "K-means, iteration 0: Centre" in words
    assert "Not everything has converged" in opened(max_iter=3).words


def test_what_is_left_out_is_said():
    assert "The film shows 500 of the iterations 0 to 1,200" in opened(n=100, tol=0, max_iter=1200).words
    assert "The film shows" not in opened(n=3000, tol=0, max_iter=150).words


def test_one_iteration_is_one():
    words = opened(max_iter=1, dataset="blobs", v=1.0).words
    assert "K-means: 1 iteration**" in words
    assert "EM: 1 iteration**" in words
    assert "1 iterations" not in words


def test_inertia_and_ari_are_explained_beside_the_picture():
    def captions(**query):
        return "\n".join(caption.value for caption in opened(**query).at.caption)

    assert says("inertia") in opened().marked
    assert says("ARI") not in captions()
    assert says("ARI") in captions(colour="truth")
    assert says("ARI") not in captions(colour="truth", dataset="faithful")


def test_group_sizes_are_said_as_a_ratio_that_holds_for_any_n():
    session = opened()
    assert any("50 : 10 : 1" in link.proto.label for link in session.at.get("page_link"))
    assert "in the ratio 50 : 10 : 1" in opened(dataset="imbalanced").words


# --- A new point ------------------------------------------------------------------------------------------------------


def test_a_typed_point_is_predicted_and_marked():
    session = opened(dataset="imbalanced")
    session.set(px=-6.0, py=-2.5)
    _, _, runs = computed(dataset="imbalanced")
    said = predict((-6.0, -2.5), runs.em.states[-1].mixture, runs.kmeans.states[-1].centres)
    assert session.errors == []
    assert in_words(said.responsibilities) in session.words
    assert f"Density {numeral(said.density, '.3g')}" in session.words
    assert f"Cluster {said.cluster + 1}." in session.words
    assert session.address == {"dataset": "imbalanced", "px": "-6", "py": "-2.5"}
    assert [side["spot"] for side in session.player["figure"]["scene"]["planes"]] == [[-6.0, -2.5]] * 2


def test_an_empty_field_goes_back_to_where_the_mixture_hesitates():
    session = opened(px=1, py=1)
    assert "The star stands at (1, 1)." in session.words
    session.set(px=None, py=None)
    assert session.errors == []
    assert "where the mixture hesitates" in session.words
    assert session.address == {}


@pytest.mark.parametrize("place", [1e6, -1e6, 0])
def test_the_farthest_point_upsets_nothing(place):
    session = opened(px=place, py=-place, dataset="faithful", floor=0)
    assert session.errors == session.notices == []
    assert "Density" in session.words


def test_responsibilities_in_words():
    assert plain(in_words(np.array([0.6, 0.4]))) == "60.0 % component 1, 40.0 % component 2"
    assert plain(in_words(np.array([1.0]))) == "100 % component 1"
    assert plain(in_words(np.array([1e-5, 1 - 1e-5]))) == "more than 99.9 % component 2"
    assert plain(in_words(np.full(8, 0.125))).endswith("12.5 % component 4, 50.0 % the others")


# --- The bridge and the notes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("v", [1.0, 0.1, 1e-12])
def test_the_bridge_says_who_agrees(v):
    session = opened(v=v, n=300)
    settings, dataset, runs = computed(n=300)
    crossed = whole(bridge(settings, dataset.X, runs.kmeans))
    same = int((crossed.labels[SHARES.index(v)] == runs.kmeans.states[-1].labels).sum())
    assert f"At v = {numeral(v, 'g')}, {same} of the 300 points" in session.words
    assert ("ringed" in session.words) == (same < 300)


def test_the_slider_walks_the_bridge():
    session = opened()
    session.set(v=1e-12)
    assert session.errors == []
    assert "500 of the 500 points" in session.words
    assert session.address == {"v": "1e-12"}


def test_the_bridge_warns_of_ties():
    assert "K-means met ties on its way" in opened(dataset="iris", init="k-means++", v=1e-12).words


def test_the_notes_show_where_the_weights_matter():
    assert "it changes no answer" in opened().words
    session = opened(dataset="imbalanced")
    (link,) = (
        link.proto for link in session.at.get("page_link") if link.proto.label.startswith("Put the star")
    )
    there = Session(dict(pair.split("=") for pair in link.query_string.split("&")), PAGE)
    assert there.errors == there.notices == []
    assert "Without the weights it would have been" in there.words


# --- Addresses --------------------------------------------------------------------------------------------------------


def test_a_hostile_address_is_corrected():
    session = opened(px="<b>", py="1e999", v="nan", colour="responsibility", k="1e9", n=-3, max_iter=5)
    assert session.errors == []
    assert len(session.notices) == 1
    for name in ("px", "py", "v", "colour", "k", "n"):
        assert f"{name} was" in session.notices[0]
    assert session.address["py"] == "1000000"
    assert not {"px", "v", "colour"} & set(session.address)


def test_the_iteration_shown_stays_within_the_longer_run():
    session = opened(it=17)
    assert (session.notices, session.player["iteration"]) == ([], 17)
    session = opened(it=999)
    assert "The run ends at iteration 18" in session.notices[0]


def test_a_change_of_view_keeps_the_run_where_it_is():
    session = opened(it=4)
    before = session.player["run"], session.player["placements"]
    session.set(px=1.0, py=1.0, v=1e-3)
    assert (session.player["run"], session.player["placements"]) == before
    assert session.address["it"] == "4"
