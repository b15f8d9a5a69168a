"""The glossary: every term has its sentences, in words that are explained, a formula that parses, and a valid link."""

import re
from importlib import import_module

import pytest

from gmmviz.em import COVARIANCE_TYPES
from gmmviz.experiment import Experiment
from gmmviz.glossary import FORMS, TERMS, THEMES, marks, plain, replace_marks, says, term_of
from gmmviz.pages import PAGES
from gmmviz.pages.choose_k.settings import ChooseK
from gmmviz.settings import Settings

of_every_term = pytest.mark.parametrize("term", TERMS.values(), ids=list(TERMS))
WANTED = """
mixture, component, Gaussian, K, mean, weight, covariance, covariance type, full, tied, diag, spherical, standard
deviation, ellipse, responsibility, E-step, M-step, EM, iteration, log-likelihood, converged, tolerance, floor,
collapse, start, initialisation, seed, optimum, local optimum, AIC, BIC, ICL, held-out log-likelihood, fold, ARI,
parameters, degenerate, unsound, k-means, inertia, density, effective number of points, most probable component, true
label, noise
"""
JARGON = """
posterior, prior, latent, likelihood, log-likelihood, variance, covariance, deviation, parameter, optimum, hilltop,
converge, responsibility, membership, matrix, eigenvalue, determinant, singular, regularised, cluster, centre,
centroid, inertia, density, distribution, Gaussian, normal, ellipse, mixture, component, weight, iteration, tolerance,
floor, collapse, degenerate, fold, held out, criterion, overfit, initialisation, seed, E-step, M-step, BIC, AIC, ICL,
ARI
"""
"""Words that a first-year student need not know: they are terms, or they are not used."""
PLAIN_ENGLISH = {"criterion"}


def words(text):
    return [" ".join(word.split()) for word in text.split(",")]


def used(form, text):
    """Whether a text uses a form, as a whole word."""
    return re.search(rf"(?<![\w-]){re.escape(form)}(?:s|es)?(?![\w-])", text, re.IGNORECASE) is not None


@pytest.mark.parametrize("form", words(WANTED))
def test_the_terms_of_the_screen_are_there(form):
    assert used(form, " ".join(term_of(form).forms)) or form == term_of(form).name


@of_every_term
def test_a_term_is_explained_in_one_or_two_sentences(term):
    said = plain(term.says)
    assert said[0].isupper()
    assert said.endswith(".")
    assert 1 <= len(re.findall(r"[.:;!?](?= [A-Z]|$)", said)) <= 3
    assert len(re.findall(r"\.(?= |$)", said)) <= 2
    assert len(said) <= 230
    assert not set("[]|<>$") & set(said)
    assert not re.search(r"\de[-+]?\d", said)
    assert term.theme in THEMES


def test_forms_and_anchors_are_unique():
    forms = [form.lower() for term in TERMS.values() for form in (term.name, *term.forms)]
    assert len(forms) == len(set(forms)) == len(FORMS)
    anchors = [term.anchor for term in TERMS.values()]
    assert len(set(anchors)) == len(anchors)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", anchor) for anchor in anchors)


@of_every_term
def test_no_sentence_uses_a_word_that_is_explained_nowhere(term):
    """Nor does it mark the term itself; what is jargon in it is a term, marked or its own."""
    assert term not in marks(term.says)
    for word in set(words(JARGON)) - PLAIN_ENGLISH:
        if used(word, plain(term.says)):
            assert word.lower() in FORMS, word
    assert set(term.related) <= set(TERMS) - {term.name}
    assert not set(term.related) & {other.name for other in marks(term.says)}  # these are linked already


@of_every_term
def test_a_formula_parses(term):
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", term.formula):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert "$" not in term.formula
    assert not {"<", ">"} & set(term.formula)  # it stands in HTML
    assert re.findall(r"\\begin\{(\w+)\}", term.formula) == re.findall(r"\\end\{(\w+)\}", term.formula)
    assert term.formula.count(r"\left") == term.formula.count(r"\right")


def settings_of(page):
    """The class of a page's settings."""
    name = f"gmmviz.pages.{page.replace('-', '_')}.settings"
    classes = vars(import_module(name)).values()
    (found,) = (
        one
        for one in classes
        if isinstance(one, type) and issubclass(one, Settings) and one.__module__ == name
    )
    return found


@of_every_term
def test_a_link_leads_to_a_page_with_valid_settings(term):
    assert term.seen.page in {page.name for page in PAGES}
    settings, corrections = settings_of(term.seen.page).from_query(term.seen.query)
    assert corrections == []
    assert settings.to_query() == dict(term.seen.query)
    assert term.seen.label[0].isupper()
    assert not term.seen.label.endswith(".")


def test_two_links_of_the_same_words_lead_to_the_same_place():
    places = {}
    for term in TERMS.values():
        assert places.setdefault(term.seen.label, term.seen) == term.seen


def test_marks_are_forms_or_name_one():
    seen = []
    text = "[[Weights]], [[17 numbers|parameters]] and [[BIC 3,995.8|BIC|Here.]], not [this](that)."
    replaced = replace_marks(text, lambda *mark: seen.append(mark) or "_")
    assert replaced == "_, _ and _, not [this](that)."
    expected = [("Weights", "weight", ""), ("17 numbers", "parameter", ""), ("BIC 3,995.8", "BIC", "Here.")]
    assert [(shown, term.name, more) for shown, term, more in seen] == expected
    assert plain(text) == "Weights, 17 numbers and BIC 3,995.8, not [this](that)."
    with pytest.raises(KeyError, match="no such term"):
        plain("A [[no such term]].")


@pytest.mark.parametrize(
    ("table", "name", "term"),
    [
        (Experiment, "k", "K"),
        (Experiment, "noise", "noise"),
        (Experiment, "covariance", "covariance type"),
        (Experiment, "init", "start"),
        (Experiment, "init_seed", "seed"),
        (Experiment, "data_seed", "seed"),
        (Experiment, "floor", "floor"),
        (Experiment, "tol", "tolerance"),
        (ChooseK, "folds", "fold"),
    ],
)
def test_a_widget_whose_label_is_a_term_says_what_the_glossary_says(table, name, term):
    assert says(term) in table.table()[name].help
    assert "[[" not in table.table()[name].help


@pytest.mark.parametrize(
    ("name", "shapes"), [("full", "any"), ("tied", "share"), ("diag", "axes"), ("spherical", "circle")]
)
def test_every_covariance_type_is_a_term(name, shapes):
    assert name in COVARIANCE_TYPES
    assert shapes in term_of(name).says


def test_there_is_a_term_for_every_covariance_type():
    assert {"full", "tied", "diag", "spherical"} == set(COVARIANCE_TYPES)
