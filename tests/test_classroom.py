"""The benchmark of a class: its readers get what they ask for, and what goes wrong is counted."""

import asyncio
import math
from collections import Counter
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest

from benchmarks import classroom
from benchmarks.classroom import FIELD, SETTING, Record, Row, alone, at_work, close, opened
from benchmarks.reader import Answer, LostChange, Reader
from gmmviz.pages.explorer.settings import Explorer
from tests.app_server import serving
from tests.session import Session

WIDGETS_PAGE = Path(classroom.__file__).with_name("widgets_page.py")
KINDS = ("selectbox", "number_input", "slider", "select_slider", "button")


def log_likelihood(seed):
    settings = Explorer(init_seed=seed)
    return settings.run(settings.data().X).states[-1].log_likelihood


def test_the_widgets_page_has_the_explorers_widgets_and_no_figure():
    """All of them, by kind and label, and as many containers that a reader can open."""
    bare, explorer = AppTest.from_file(str(WIDGETS_PAGE), default_timeout=60).run(), Session().at
    for kind in KINDS:
        labels = [Counter(one.label for one in getattr(at, kind)) for at in (bare, explorer)]
        assert labels[0] == labels[1], kind
    assert not bare.exception
    assert bare.get("bidi_component") == []
    own = sum(one.proto.id != "" for one in explorer.expander)
    assert sum(one.proto.id != "" for one in bare.expander) == own


def test_readers_get_what_they_ask_for():
    """Through a real server: a lone reader's changes, a class's, and a link that all follow."""
    record = Record()

    async def ask(address):
        readers, seconds = await opened(address, 2)
        assert readers[0].run == classroom.name_of(0)
        assert min(seconds) > 0
        changes = await alone(readers[0], record, 2)
        first = dict(record.reached)
        own = await at_work(readers, record, seconds=classroom.EVERY)
        together = await at_work(readers, record, seconds=classroom.EVERY, together=True)
        other = Reader(address, "k-means")
        answer = await other.open({"k": 4})
        await close([*readers, other])
        return first, [len(changes), len(own), len(together)], answer

    with serving() as address:
        first, counts, answer = asyncio.run(ask(address))
    assert counts == [2, 2, 2]
    assert set(first) == {1, 2}
    assert len(record.reached) == 2 + 2 + 1
    assert record.reached[2] == pytest.approx(log_likelihood(2), rel=1e-12)
    assert "k=4" in answer.run
    assert math.isnan(answer.log_likelihood)
    record.compute_again(10)
    assert record.wrong == []


def heard(record, answer=None, error=None, seed=3):
    """What is noted of an answer to a change to a start seed."""

    async def asked():
        if error:
            raise error
        return answer

    return asyncio.run(record.answered(asked(), seed))


def test_wrong_pictures_and_errors_are_counted():
    record, right = Record(), Answer(0.1, 9, classroom.name_of(3), -5.0)
    assert heard(record, right) == 0.1
    assert record.wrong == []
    heard(record, right._replace(run=classroom.name_of(4)))
    heard(record, right._replace(log_likelihood=-5.1))
    for error in (LostChange("ValueError: no"), OSError("gone")):
        with pytest.raises(LostChange):
            heard(record, error=error)
    assert ["film is" in record.wrong[0], "two" in record.wrong[1], *record.wrong[2:]] == [
        True,
        True,
        "seed 3: LostChange ValueError: no",
        "seed 3: OSError gone",
    ]


def test_what_is_not_answered_in_time_is_lost(monkeypatch):
    monkeypatch.setattr(classroom, "LONGEST", 0.0)
    record = Record()
    with pytest.raises(LostChange):
        asyncio.run(record.answered(asyncio.Event().wait(), 3))
    assert record.wrong[0].startswith("seed 3: TimeoutError")


def test_a_log_likelihood_that_is_not_the_engines_is_counted():
    record = Record(reached={1: log_likelihood(1), 2: log_likelihood(2) + 1e-3})
    record.compute_again(10)
    assert [text.partition(":")[0] for text in record.wrong] == ["seed 2"]


def test_an_exception_on_a_page_is_an_error():
    message = ForwardMsg()
    message.delta.new_element.exception.message = "no"
    with pytest.raises(LostChange, match="no"):
        Reader("http://localhost")._take(message)


@pytest.mark.parametrize(
    ("status", "ended"), [("FINISHED_SUCCESSFULLY", True), ("FINISHED_EARLY_FOR_RERUN", False)]
)
def test_an_answer_ends_with_the_last_run_of_the_script(status, ended):
    message = ForwardMsg(script_finished=ForwardMsg.ScriptFinishedStatus.Value(status))
    assert Reader("http://localhost")._take(message) is ended


def test_rows():
    assert str(Row("memory", 2.0, 2.0, "4 / 2 MB")).split() == "memory 2.00 <= 2 holds 4 / 2 MB".split()
    assert "DOES NOT HOLD" in str(Row("memory", 2.01, 2.0))
    assert not Row("nothing was answered", classroom.p95([]), 2.0).holds
    assert classroom.p95([float(i) for i in range(101)]) == 95.0
    assert classroom.ratio("time", 2.0, 0.3, 0.1).value == pytest.approx(3.0)


def test_a_link_sets_what_the_field_sets():
    assert Explorer().table()[SETTING].label == FIELD


@pytest.mark.parametrize(("interval", "busy"), [(0.1, True), (86_400, False)])
def test_a_reader_waits_for_what_is_at_work_and_not_for_what_keeps_a_page_alive(interval, busy):
    message, reader = ForwardMsg(), Reader("http://localhost")
    message.auto_rerun.interval, message.auto_rerun.fragment_id = interval, "part"
    reader._take(message)
    assert bool(reader.ticks) is busy
