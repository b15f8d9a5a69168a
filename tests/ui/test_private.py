"""What belongs to one session alone: two of them never see each other's data, and no shared cache ever has any."""

import gc
import weakref

import numpy as np
import pytest
from starlette.formparsers import MultiPartParser

from gmmviz.pages import script
from gmmviz.pages.compare.settings import Compare
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.tables import MOST_BYTES, TableError, read
from gmmviz.ui import cache, private
from tests.session import Session

PAGES = ["explorer", "density", "k-means", "compare", "restarts", "choose-k"]
QUICK = {"dataset": "own", "k": "2", "max_iter": "20"}
LEAN = {"restarts": {"starts": "10"}, "choose-k": {"ks": "1-2", "restarts": "1", "folds": "2"}}


def csv_of(seed, N=40, names=("length", "width")):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, len(names))) + 8 * rng.integers(2, size=(N, 1))
    return "\n".join([",".join(names), *(",".join(f"{value:.4f}" for value in row) for row in X)])


def uploaded(session, text, name="flowers.csv"):
    """Let a reader choose a file."""
    session.at.file_uploader[0].set_value((name, text.encode(), "text/csv"))
    session.at.run()
    return session


def film_of(session):
    """What the player was given, as soon as a sweep has come so far that there is a film."""
    for _ in range(100):
        if session.at.get("bidi_component"):
            return session.player
        session.at.run()
    raise AssertionError("no film")


def shared_results():
    """All that stands in caches which sessions share."""
    return [result for kept in cache._everything for result in kept._results.values()]


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    monkeypatch.setattr("gmmviz.ui.work.SECOND", 60)
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_of_it_is_in_a_cache_that_sessions_share(page):
    session = Session(QUICK | LEAN.get(page, {}), script(page))
    before = len(shared_results())
    uploaded(session, csv_of(1))
    session.at.run()
    assert session.errors == []
    assert film_of(session)
    assert len(shared_results()) == before
    assert {key for kept in cache._everything for key in kept if key[0].is_private} == set()


@pytest.mark.parametrize("page", ["explorer", "compare"])
def test_another_session_that_opens_the_same_link_is_asked_for_the_file(page):
    one = uploaded(Session(QUICK, script(page)), csv_of(1))
    other = Session(one.address, script(page))
    assert other.errors == []
    assert "This link is to a table that stayed with whoever made it" in other.words
    assert not other.at.get("bidi_component")
    assert other.address == one.address  # all settings wait
    again = uploaded(other, csv_of(1), "the same.csv")
    assert again.errors == again.notices == []
    assert again.address == one.address
    assert again.player["figure"] == one.player["figure"]


def test_two_sessions_with_tables_of_their_own_each_see_their_own():
    one, other = Session(QUICK), Session(QUICK)
    uploaded(one, csv_of(1))
    uploaded(other, csv_of(2))
    one.set(k=3)
    other.set(k=3)
    clouds = [session.player["figure"]["scene"]["clouds"] for session in (one, other)]
    assert clouds[0] != clouds[1]
    for session, seed in ((one, 1), (other, 2)):
        table = read(csv_of(seed))
        assert session.at.session_state[private.KEY].table.digest == table.digest == session.address["file"]
        expected = Explorer(**{"k": 3, "max_iter": 20}).run(table.numbers)
        assert f"{expected.states[-1].iteration} iterations" in session.words


def test_it_goes_with_its_session():
    session = uploaded(Session(QUICK), csv_of(1))
    table = weakref.ref(session.at.session_state[private.KEY].table)
    assert table() is not None
    del session
    gc.collect()
    assert table() is None


def test_a_new_table_takes_the_place_of_all_that_was_made_of_the_one_before():
    session = uploaded(Session(QUICK), csv_of(1))
    before = session.player["figure"]["scene"]["clouds"]
    own = session.at.session_state[private.KEY]
    old = weakref.ref(own.table)
    uploaded(session, csv_of(2))
    assert session.player["figure"]["scene"]["clouds"] != before
    assert session.address["file"] == read(csv_of(2)).digest
    del own
    gc.collect()
    assert old() is None


def test_of_a_file_that_was_read_the_server_keeps_no_copy_and_it_can_be_chosen_again():
    session = Session(QUICK)
    for text in ("a,b\nx,y", "a,b\nx,y", csv_of(1)):
        (before,) = session.at.file_uploader
        uploaded(session, text)
        (after,) = session.at.file_uploader
        assert after.key != before.key
        assert not after.value


def test_what_a_session_keeps_for_itself_is_not_much():
    session = uploaded(Session(QUICK), csv_of(1))
    for seed in range(20):
        session.set(init_seed=seed)
    kept = session.at.session_state[private.KEY].kept
    assert kept
    assert max(len(list(one)) for one in kept.values()) <= 16


def test_a_panel_of_ones_own_data_makes_the_whole_comparison_private():
    assert Compare(extra=("dataset=own",)).is_private
    assert not Compare(extra=("dataset=own",)).is_own
    assert not Compare().is_private
    assert Explorer(dataset="own").is_private


def test_files_on_their_way_in_are_kept_in_memory():
    """The server's own limit for that is 1 MB; beyond it a file would be written to a disk."""
    assert MultiPartParser.spool_max_size > MOST_BYTES


def test_a_dataset_is_made_once_and_again_after_a_change():
    own = private.Own()
    own.take(read(csv_of(1)), "a file")
    settings = Explorer(dataset="own", file=own.table.digest, columns=("1", "2"))
    state = {private.KEY: own}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(private.st, "session_state", state)
        first = private.chosen_of(settings)
        assert private.chosen_of(Explorer(**settings.spelled_out() | {"k": 5})) is first
        for scale in ("yes", "no"):
            other = Explorer(**settings.spelled_out() | {"scale": scale})
            assert (private.chosen_of(other) is first) == (scale == "no")
        with pytest.raises(LookupError):
            private.chosen_of(Explorer(dataset="own", file="0123456789", columns=("1", "2")))
        own.kept[print] = cache.Kept(1)
        own.take(read(csv_of(1, N=9)), "a small file")
        assert own.kept == own.datasets == {}
        with pytest.raises(TableError, match="9 rows"):
            private.chosen_of(Explorer(dataset="own", file=own.table.digest, columns=("1", "2")))
