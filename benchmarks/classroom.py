"""What a class of sixty asks of one small computer.   python -m benchmarks.classroom [--quick]

It starts the app, opens real websockets and speaks Streamlit's protocol (`benchmarks.reader`), without a browser. It
prints ratios within this one run, with their bounds, and the exit code is 1 if one does not hold.

A change sets the explorer's "Start seed" to one that nobody has had: data of 500 points, K = 3, the page as it opens.
It is answered when the page's script has ended. The widgets page is `benchmarks/widgets_page.py`, the explorer's
widgets and no figure, on a server of its own. A class is 60 readers, each of whom makes a change every 3 s, from a
moment of his own on; who still waits for an answer leaves a turn out.

1. The server's processor time of a change, over that of the widgets page.
2. The 95th percentile of a class's changes: over a lone reader's median, and over a class's on the widgets page; where
   all follow the same link, a new one each 3 s; and where two servers stand behind HAProxy, if it is installed.
3. 60 readers open the page at once: the last one's time over a lone reader's.
4. A class's median change while one more reader has the most expensive addresses computed, one after the other, over
   the same without him: Density with 30 Gaussians at 2000 points, the explorer with 2000 iterations at 20 000.
5. Memory: of the server with a class that has worked for a while, less before it came, for each reader; and how much it
   grows, over a thousand changes in one session and 200 sessions opened and closed, after the first tenth of them.
6. Every answer is one to what was asked: the film's name says so, and its last log-likelihood is that of the engine,
   computed again here for some of them. Counted: the errors, the lost changes and the wrong pictures.

The class runs on the server's own processors, here as a single process; its share of their time is printed.
"""

import asyncio
import sys
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
import psutil
from websockets import WebSocketException

from benchmarks.reader import Answer, LostChange, Reader
from deploy.balancer import installed
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.threads import one_thread
from tests.app_server import serving
from tests.haproxy import balancing

EVERY = 3.0
"""Seconds between two changes of one reader."""
LONGEST = 60.0
"""Seconds after which an answer counts as lost."""
FIELD, SETTING = "Start seed", "init_seed"
EXPENSIVE = (
    ("density", {"dataset": "blobs", "n": 2000, "k": 30, "init": "hierarchical", "tol": 0}, "data_seed"),
    ("", {"n": 20_000, "k": 16, "tol": 0, "max_iter": 2000}, SETTING),
)
"""Pages that cost the most: the address, and the setting by which another has nothing of it in a cache."""


class Size(NamedTuple):
    """How much is measured."""

    readers: int = 60
    seconds: float = 30.0  # of a class's work
    alone: int = 25  # changes of a lone reader in each of the turns
    turns: int = 4
    openings: int = 5
    changes: int = 1000  # in one session
    sessions: int = 200  # opened and closed
    computed_again: int = 150  # runs


QUICK = Size(
    readers=20, seconds=9.0, alone=10, turns=2, openings=3, changes=100, sessions=40, computed_again=30
)


# --- What is asked, and what went wrong -------------------------------------------------------------------------------


@dataclass
class Record:
    """The start seeds given out, each once; what came of them; and what went wrong."""

    seeds: Iterator[int] = field(default_factory=lambda: count(1))
    reached: dict[int, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    async def answered(self, asked: Awaitable[Answer], seed: int) -> float:
        """Return the seconds until an answer; a reader who gets none, or another, goes home: `LostChange`."""
        try:
            answer = await asyncio.wait_for(asked, LONGEST)
        except (LostChange, OSError, TimeoutError, WebSocketException) as error:
            self.wrong.append(f"seed {seed}: {type(error).__name__} {error}")
            raise LostChange from error
        self.note(answer, seed)
        return answer.seconds

    def note(self, answer: Answer, seed: int) -> None:
        """Compare the film's name with what was asked, and keep its log-likelihood."""
        if not answer.run:
            return  # the widgets page
        if answer.run != name_of(seed):
            self.wrong.append(f"seed {seed}: the film is {answer.run}")
        elif self.reached.setdefault(seed, answer.log_likelihood) != answer.log_likelihood:
            self.wrong.append(f"seed {seed}: two log-likelihoods")

    def compute_again(self, most: int) -> None:
        """Compare some of the log-likelihoods, spread over all that were shown, with the engine's own."""
        X, seeds = Explorer().data().X, sorted(self.reached)
        with one_thread():
            for seed in seeds[:: max(1, len(seeds) // most)]:
                own = Explorer(init_seed=seed).run(X).states[-1].log_likelihood
                if not np.isclose(own, self.reached[seed], rtol=1e-9, atol=0):
                    self.wrong.append(f"seed {seed}: {self.reached[seed]} is shown, {own} computed")


def name_of(seed: int) -> str:
    """Return what the explorer calls the film of a start seed."""
    return repr(Explorer(init_seed=seed).reduced_to("data", "run"))


# --- Readers ----------------------------------------------------------------------------------------------------------


async def alone(reader: Reader, record: Record, changes: int) -> list[float]:
    """Return the seconds of changes, one after the other."""
    seeds = [next(record.seeds) for _ in range(changes)]
    return [await record.answered(reader.change(FIELD, seed), seed) for seed in seeds]


async def opened(address: str, readers: int) -> tuple[list[Reader], list[float]]:
    """Return readers who open the page at once, and the seconds that each waits for it."""
    found = [Reader(address) for _ in range(readers)]
    answers = await asyncio.gather(*(asyncio.wait_for(reader.open(), LONGEST) for reader in found))
    return found, [answer.seconds for answer in answers]


async def close(readers: list[Reader]) -> None:
    """Let readers leave."""
    await asyncio.gather(*(reader.close() for reader in readers))


async def at_work(
    readers: list[Reader], record: Record, seconds: float, together: bool = False
) -> list[float]:
    """Return the seconds of a class's changes: each reader's own new seed, or, together, a link that all follow."""
    links = [next(record.seeds) for _ in range(round(seconds / EVERY))]
    begun, took = perf_counter(), []

    async def work(reader: Reader, phase: float) -> None:
        with suppress(LostChange):
            await turns(reader, phase)

    async def turns(reader: Reader, phase: float) -> None:
        for turn, link in enumerate(links):
            wait = begun + EVERY * (turn + phase) - perf_counter()
            if wait < 0 and turn:
                continue  # he still waited for the answer before
            await asyncio.sleep(max(0.0, wait))
            seed = link if together else next(record.seeds)
            asked = reader.follow({SETTING: seed}) if together else reader.change(FIELD, seed)
            took.append(await record.answered(asked, seed))

    phases = np.random.default_rng(0).random(len(readers))
    await asyncio.gather(*map(work, readers, phases))
    return took


@asynccontextmanager
async def beside(address: str, page: str, query: dict, another: str) -> AsyncIterator[list[int]]:
    """Have one more reader open expensive addresses, one after the other; yields the list of those that were done."""
    done = []

    async def go_on() -> None:
        for number in count(1):
            reader = Reader(address, page)
            try:
                await reader.open(query | {another: number})
            finally:
                await reader.close()
            done.append(number)

    task = asyncio.create_task(go_on())
    try:
        yield done
        if task.done():
            task.result()  # it never ends by itself
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


# --- Servers ----------------------------------------------------------------------------------------------------------


def process_at(address: str) -> psutil.Process:
    """Return the process of a server that this one has started."""
    port = f"--server.port={urlsplit(address).port}"
    return next(child for child in psutil.Process().children() if port in child.cmdline())


def used(server: psutil.Process) -> float:
    """Return the processor's seconds that a server has used."""
    times = server.cpu_times()
    return times.user + times.system


def megabytes(server: psutil.Process) -> float:
    """Return a server's memory."""
    return server.memory_info().rss / 2**20


async def warmed_up(address: str) -> None:
    """Let a reader open a server's page and leave, and wait for what it then loads in the background."""
    server = process_at(address)
    await close((await opened(address, 1))[0])
    while True:
        before = used(server)
        await asyncio.sleep(0.5)
        if used(server) - before < 0.05:
            return


# --- What is measured -------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A number with its bound, and what it is made of."""

    name: str
    value: float
    bound: float
    of: str = ""

    @property
    def holds(self) -> bool:
        """Whether it does: what is no number does not."""
        return self.value <= self.bound

    def __str__(self):
        said = "holds" if self.holds else "DOES NOT HOLD"
        return f"{self.name:58}{self.value:8.2f}   <= {self.bound:<6g} {said:15}{self.of}".rstrip()


def ratio(name: str, bound: float, above: float, below: float, unit: str = "ms") -> Row:
    """Return a row of one number over another, both in seconds or, by the unit's name, whatever they are."""
    factor = 1000 if unit == "ms" else 1
    return Row(name, above / below, bound, f"{factor * above:.1f} / {factor * below:.1f} {unit}")


def p95(seconds: list[float]) -> float:
    """Return the 95th percentile; NaN of nothing."""
    return float(np.percentile(seconds, 95)) if seconds else np.nan


async def lone_reader(apps: tuple[str, str], record: Record, size: Size) -> tuple[Row, float]:
    """Return the row of the processor's time, and a lone reader's median, of the explorer and of the widgets page."""
    readers, processor, took = [Reader(app) for app in apps], ([], []), ([], [])
    for reader in readers:
        await warmed_up(reader.address)
        await reader.open()
        await alone(reader, record, size.alone)  # warm-up
    for _ in range(size.turns):  # they take turns
        for reader, seconds, changes in zip(readers, processor, took, strict=True):
            server = process_at(reader.address)
            before = used(server)
            changes += await alone(reader, record, size.alone)
            seconds.append((used(server) - before) / size.alone)
    await close(readers)
    name = "processor's time of a change / the widgets page's"
    return ratio(name, 2.0, *map(median, processor)), *map(median, took)


async def all_at_once(app: str, size: Size) -> tuple[Row, list[Reader]]:
    """Return the row of a class that opens the page, and the class."""
    lone = []
    for _ in range(size.openings):
        readers, seconds = await opened(app, 1)
        lone += seconds
        await close(readers)
    readers, seconds = await opened(app, size.readers)
    return ratio("all open at once: the last / a lone reader", 15.0, max(seconds), median(lone)), readers


async def beside_expensive(
    app: str, readers: list[Reader], record: Record, size: Size, without: list[float]
) -> AsyncIterator[Row]:
    """Yield the rows of a class while one more reader has something expensive computed."""
    for page, query, another in EXPENSIVE:
        async with beside(app, page, query, another) as done:
            took = await at_work(readers, record, size.seconds)
        name = f"beside an expensive {page or 'explorer'}, median / without"
        row = ratio(name, 2.0, median(took), median(without))
        yield row._replace(of=f"{row.of}; p95 {1000 * p95(took):.1f}; {len(done)} computed to the end")


async def growth(apps: tuple[str, str], record: Record, size: Size) -> list[Row]:
    """Return the rows of how two new servers grow."""

    async def change() -> tuple[float, float]:
        reader, server = Reader(apps[0]), process_at(apps[0])
        await reader.open()
        await alone(reader, record, size.changes // 10)
        before = megabytes(server)
        await alone(reader, record, size.changes - size.changes // 10)
        await reader.close()
        return megabytes(server), before

    async def come_and_go() -> tuple[float, float]:
        server, reached = process_at(apps[1]), []
        for _ in range(size.sessions):
            await close((await opened(apps[1], 1))[0])
            reached.append(megabytes(server))
        return reached[-1], reached[size.sessions // 10 - 1]

    for app in apps:
        await warmed_up(app)
    changed, opened_and_closed = await asyncio.gather(change(), come_and_go())
    return [
        ratio(f"memory after {size.changes} changes / after a tenth", 1.1, *changed, "MB"),
        ratio(f"memory after {size.sessions} sessions / after a tenth", 1.1, *opened_and_closed, "MB"),
    ]


async def measure(size: Size, record: Record) -> AsyncIterator[Row]:
    """Yield the rows."""
    with ExitStack() as stack:
        scripts = ("app.py", "benchmarks/widgets_page.py")
        app, widgets = (stack.enter_context(serving(script)) for script in scripts)
        row, lone, _ = await lone_reader((app, widgets), record, size)
        yield row
        server = process_at(app)
        before = megabytes(server)
        row, readers = await all_at_once(app, size)
        yield row

        own, begun = process_time(), perf_counter()
        took = await at_work(readers, record, size.seconds)
        share = (process_time() - own) / (perf_counter() - begun)
        yield ratio("a class, p95 / a lone reader's median", 15.0, p95(took), lone)
        each = (megabytes(server) - before) / len(readers)
        same = await at_work(readers, record, size.seconds, together=True)
        yield ratio("all follow the same link, p95 / a lone reader's median", 6.0, p95(same), lone)
        others, _ = await opened(widgets, size.readers)
        floor = await at_work(others, record, size.seconds)
        await close(others)
        yield ratio("a class, p95 / the widgets page's", 5.0, p95(took), p95(floor))
        yield Row("memory of each reader, MB", each, 3.0, f"{before:.0f} MB before they came")
        async for row in beside_expensive(app, readers, record, size, took):
            yield row
        await close(readers)
    with ExitStack() as stack:
        apps = tuple(stack.enter_context(serving()) for _ in range(2))
        for row in await growth(apps, record, size):
            yield row
        if installed():
            port = stack.enter_context(balancing([urlsplit(app).netloc for app in apps]))
            readers, _ = await opened(f"http://127.0.0.1:{port}", size.readers)
            took = await at_work(readers, record, size.seconds)
            await close(readers)
            yield ratio("two behind HAProxy, p95 / a lone reader's median", 10.0, p95(took), lone)
    record.compute_again(size.computed_again)
    yield Row(
        "errors, lost changes, wrong pictures", len(record.wrong), 0, f"the class's own processor {share:.0%}"
    )


async def main() -> int:
    """Measure, print, and return 1 if a bound does not hold."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a smaller class, and not for so long")
    record, held = Record(), []
    async for row in measure(QUICK if parser.parse_args().quick else Size(), record):
        print(row, flush=True)
        held.append(row.holds)
    print(*record.wrong[:10], sep="\n", end="")
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
