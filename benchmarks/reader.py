"""A reader without a browser: it speaks Streamlit's websocket protocol, so that one process can be a whole class."""

from __future__ import annotations

import asyncio
import base64
import json
import math
from collections.abc import Mapping
from contextlib import suppress
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

MOST = 64 * 2**20  # bytes of a message; more than any film has
BUSY = 1.0  # seconds: what wants to be drawn again so soon is at work, other parts only keep the page alive
PATIENCE = 2.0  # seconds after which a reader asks again to have a part of the page drawn again
BEFORE = ("/", "/_stcore/health", "/_stcore/host-config")
"""What a browser asks for before it opens the websocket, as far as it sets cookies: a balancer's, the server's own."""


class LostChange(Exception):
    """The server ended a script without showing what was asked for, or with an error."""


class Answer(NamedTuple):
    """What came of a change: how long it took, how much came, what the film is called, and its log-likelihood's end."""

    seconds: float
    received: int
    run: str
    log_likelihood: float


class Reader:
    """One reader of a page.

    Parameters
    ----------
    address : str
        The server's, or a balancer's.
    page : str
        As the address names it; "" is the one that the app opens with.
    """

    def __init__(self, address: str, page: str = ""):
        self.address, self.page, self.script = address, page, ""
        self.query, self.widgets, self.ticks = "", {}, {}
        self.run, self.log_likelihood = "", math.nan
        self.received = 0
        self.socket: ClientConnection | None = None

    async def open(self, query: Mapping[str, object] | None = None) -> Answer:
        """Open the page, and return what comes of it."""
        begun, self.query = perf_counter(), urlencode(query or {})
        cookies = await self._cookies()
        self.socket = await connect(
            f"ws{self.address.removeprefix('http')}/_stcore/stream",
            origin=self.address,
            subprotocols=["streamlit", cookies.get("_streamlit_xsrf", "PLACEHOLDER_AUTH_TOKEN")],
            additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())},
            max_size=MOST,
            proxy=None,
        )
        return await self._asked(begun)

    async def change(self, label: str, value: int) -> Answer:
        """Set a field for whole numbers, and return what comes of it."""
        begun, message = perf_counter(), self._rerun()
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.int_value = self.widgets[label], value
        return await self._asked(begun, message)

    async def follow(self, query: Mapping[str, object]) -> Answer:
        """Follow a link to the same page, and return what comes of it."""
        self.query = urlencode(query)
        return await self._asked(perf_counter())

    async def close(self) -> None:
        """Leave the page."""
        if self.socket:
            await self.socket.close()

    # --- The protocol -------------------------------------------------------------------------------------------------

    async def _cookies(self) -> dict[str, str]:
        """Return the cookies with which a browser opens the websocket."""
        host, cookies = urlsplit(self.address).netloc, {}
        for path in BEFORE:
            sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
            reading, writing = await asyncio.open_connection(*host.split(":"))
            lines = (f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", f"Cookie: {sent}")
            writing.write("\r\n".join((*lines, "", "")).encode())
            head = (await reading.read()).partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
            writing.close()
            for line in head:
                name, _, value = line.partition(": ")
                if name.lower() == "set-cookie":
                    name, _, value = value.partition(";")[0].partition("=")
                    cookies[name] = value
        return cookies

    def _rerun(self) -> BackMsg:
        """Return a message that lets the page's script run."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash, state.page_name = self.query, self.script, self.page
        return message

    async def _asked(self, begun: float, message: BackMsg | None = None) -> Answer:
        """Send a message, and return what comes of it, once there is nothing more to come."""
        self.received, self.ticks = 0, {}
        await self.socket.send((message or self._rerun()).SerializeToString())
        await self._ended()
        while self.ticks:  # the page asks to be drawn again, in parts, as long as it is busy
            fragment, seconds = min(self.ticks.items(), key=lambda tick: tick[1])
            await asyncio.sleep(seconds)
            again = self._rerun()
            again.rerun_script.fragment_id, again.rerun_script.is_auto_rerun = fragment, True
            await self.socket.send(again.SerializeToString())
            with suppress(
                TimeoutError
            ):  # a browser asks again and again; two that come together have one answer
                await asyncio.wait_for(self._ended(), PATIENCE)
        return Answer(perf_counter() - begun, self.received, self.run, self.log_likelihood)

    async def _ended(self) -> None:
        """Read until the script has ended."""
        while True:
            data = await self.socket.recv()
            self.received += len(data)
            if self._take(ForwardMsg.FromString(data)):
                return

    def _take(self, message: ForwardMsg) -> bool:
        """Note what a message says, and return whether the script has ended."""
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._draw(message.delta.new_element)
        elif kind == "new_session":
            self.script = message.new_session.page_script_hash
        elif kind == "navigation":
            self.script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun" and message.auto_rerun.interval <= BUSY:
            self.ticks[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self.ticks.pop(fragment, None)
        elif kind == "page_not_found":
            raise LostChange(f"There is no page {self.page!r}.")
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                raise LostChange("A script does not compile.")
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False

    def _draw(self, element) -> None:
        """Note of an element what a reader needs for the next change, and of a film what it is."""
        kind = element.WhichOneof("type")
        if kind == "number_input":
            self.widgets[element.number_input.label] = element.number_input.id
        elif kind == "bidi_component" and element.bidi_component.component_name == "gmmviz_player":
            film = json.loads(element.bidi_component.json)
            self.run, self.log_likelihood = film["run"], last_log_likelihood(film)
        elif kind == "exception":
            raise LostChange(f"{element.exception.type}: {element.exception.message}")


def last_log_likelihood(film: dict) -> float:
    """Return the end of a film's curve, as the browser draws it; NaN where there is none."""
    for trace in film["figure"]["data"]:
        if trace.get("name") == "log-likelihood":
            return float(np.frombuffer(base64.b64decode(trace["y"]["bdata"]), trace["y"]["dtype"])[-1])
    return math.nan
