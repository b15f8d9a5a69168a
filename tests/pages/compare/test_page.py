"""The page on comparing: what it opens on, how its panels are chosen, and where they lead."""

from gmmviz.numerals import numeral
from gmmviz.pages import script
from gmmviz.pages.compare.numbers import Fitted, row_of
from gmmviz.pages.compare.page import TRIES
from gmmviz.pages.compare.settings import Compare
from gmmviz.pages.compare.words import optima
from tests.session import Session

PAGE = script("compare")


def opened(**query):
    return Session({name: str(value) for name, value in query.items()}, PAGE)


def table_of(session):
    (frame,) = (element.value for element in session.at.dataframe)
    return frame


def test_it_opens_on_the_four_covariance_types():
    session = opened()
    assert session.errors == session.notices == []
    assert session.address == {}
    planes = session.player["figure"]["scene"]["planes"]
    assert len(planes) == 4
    frame = table_of(session)
    assert [title.split()[-1] for title in frame["panel"]] == ["Full", "Tied", "Diagonal", "Spherical"]
    runs = [panel.experiment.run(panel.experiment.data().X) for panel in Compare().panels()]
    for shown, run in zip(frame["log-likelihood"], runs, strict=True):
        assert shown.removeprefix("★ ") == numeral(run.states[-1].log_likelihood, ".3f")
    assert sum(shown.startswith("★") for shown in frame["BIC"]) == 1


def test_another_setting_brings_its_own_values_and_they_can_be_chosen():
    session = opened(n=60, max_iter=20).set(vary="k")
    assert session.address == {"n": "60", "max_iter": "20", "vary": "k"}
    session.set(values=["2", "5"])
    assert session.address["values"] == "2,5"
    assert len(session.player["figure"]["scene"]["planes"]) == 2
    session.set(values=[])
    assert "values" not in session.address
    session.set(vary="tol")
    assert session.address["vary"] == "tol"
    assert len(session.player["figure"]["scene"]["planes"]) == 2


def test_a_hostile_address_is_corrected_and_said_so():
    session = opened(
        vary="kovariance", values="<b>,full,full,tied", extra="<script>|k=5&n=60", n=60, max_iter=9
    )
    assert session.errors == []
    assert session.address == {
        "n": "60",
        "max_iter": "9",
        "values": "full,tied",
        "extra": "n=60&k=5&version=2",
    }
    (notice,) = session.notices
    assert not {"<", ">"} & set(notice)
    assert len(session.player["figure"]["scene"]["planes"]) == 3


def test_what_the_explorer_shows_can_stand_beside_the_panels_and_be_taken_away():
    session = opened(n=60, max_iter=20, k=5)
    session.click("add_from_explorer")
    assert session.address["extra"] == "n=60&k=5&max_iter=20&version=2"
    assert len(session.player["figure"]["scene"]["planes"]) == 5
    session.click("take_away")
    assert "extra" not in session.address


def test_the_truth_adds_a_column():
    assert "ARI" not in table_of(opened(n=60, max_iter=20))
    assert "ARI" in table_of(opened(n=60, max_iter=20, colour="truth"))


def test_over_different_points_nothing_is_marked():
    session = opened(vary="noise", n=60, max_iter=20)
    frame = table_of(session)
    assert not any(shown.startswith("★") for name in ("BIC", "log-likelihood") for shown in frame[name])
    assert "nothing is marked" in session.words


def test_the_links_show_what_they_promise():
    starts, seeds, ks, floors, tolerances = (settings for _, settings in TRIES)
    assert len(rows_of(starts)) == 6
    assert [len(group) for group in optima(rows_of(seeds))] == [3, 3]
    bics = [row.bic for row in rows_of(ks)]
    assert ks.varied()[bics.index(min(bics))] == "3"
    reasons = [row.stop_reason for row in rows_of(floors)]
    assert (reasons[0], "collapsed" in reasons[1:]) == ("collapsed", False)
    hasty, patient = rows_of(tolerances)
    assert hasty.iterations == 1
    assert hasty.log_likelihood < patient.log_likelihood - 100


def rows_of(settings):
    found = []
    for panel in settings.panels():
        dataset = panel.experiment.data()
        fitted = Fitted(panel, dataset, panel.experiment.run(dataset.X), ())
        found.append(row_of(fitted, None, reveal=False))
    return found


def test_held_out_scores_judge_settings_not_starts():
    assert "held out, per point" in table_of(opened(n=60, max_iter=20))
    assert "held out, per point" not in table_of(opened(n=60, max_iter=20, vary="init_seed"))


def test_with_panels_from_the_explorer_fewer_values_can_be_chosen():
    session = opened(n=60, max_iter=5, extra="k=5|k=6")
    assert session.widgets["values"].proto.max_selections == 4
