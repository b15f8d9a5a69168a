"""A class on one computer by one command: the app's processes, HAProxy in front of them, and the address to tell."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from deploy import balancer
from deploy.server import ENVIRONMENT, ROOT, command, is_healthy

PORT = 8500
SECONDS = 120  # for a process's start
HOW_TO_INSTALL = (
    "apt install haproxy (Debian, Ubuntu), dnf install haproxy (Fedora), brew install haproxy (macOS)"
)


class Failed(Exception):
    """What a person can mend, in words for him."""


class Child:
    """One process that this one starts, starts again where it ends by itself, and ends."""

    def __init__(self, name: str, command: Sequence[str], log: Path):
        self.name, self._command, self._log = name, command, log
        self.start()

    def start(self) -> None:
        """Start it, away from the keyboard: Ctrl+C is for this process alone."""
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=ENVIRONMENT | os.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def has_ended(self) -> bool:
        """Return whether it has ended."""
        return self._process.poll() is not None

    def said(self) -> str:
        """Return the last lines that it wrote."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-20:])

    def end(self) -> None:
        """Ask it to end, and make sure that it does."""
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for: processes, and the port that readers connect to."""
    parser = argparse.ArgumentParser(prog="python -m deploy", description=__doc__)
    parser.add_argument(
        "processes", nargs="?", type=_positive, default=cores(), help="default: %(default)s, the cores"
    )
    parser.add_argument("--port", type=_positive, default=PORT, help="for the class, default: %(default)s")
    return parser.parse_args(given)


def _positive(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 65535.")
    return int(text)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def own_address() -> str | None:
    """Return this computer's address in the room's network, or None where there is no network.

    The address from which it would speak to another network's; nothing is sent.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # kept for documentation, and nobody's
        except OSError:
            return None
        return probe.getsockname()[0]


def expect_free(port: int) -> None:
    """Raise Failed if readers cannot connect to a port of this computer, because it is taken or not for everyone."""
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except PermissionError as error:
            raise Failed(f"Only an administrator may use port {port}. Another: --port {PORT}") from error
        except OSError as error:
            raise Failed(
                f"Port {port} is taken, maybe by an app that was started before. End that, or take another port: "
                f"--port {port + 10}"
            ) from error


def free_ports(n: int) -> list[int]:
    """Return n ports that nobody listens at."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(n)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def main(given: Sequence[str] | None = None) -> int:
    """Serve the app until Ctrl+C, and return 0; 1 where that cannot be done, and say why."""
    asked = arguments(given)
    try:
        serve(asked.processes, asked.port)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nEnded.")
    return 0


def serve(n: int, port: int) -> None:
    """Serve the app from n processes at a port, until interrupted.

    Raises
    ------
    Failed
        Where the port is taken, or something does not start.
    """
    expect_free(port)
    haproxy = balancer.installed()
    if n > 1 and not haproxy:
        print(
            f"HAProxy is not installed, so that one process serves all instead of {n}. For more: {HOW_TO_INSTALL}"
        )
    with tempfile.TemporaryDirectory(prefix="gmmviz-") as folder, ExitStack() as stack:

        def child(name: str, command: Sequence[str]) -> Child:
            child = Child(name, command, Path(folder) / f"{name}.log")
            stack.callback(child.end)
            return child

        if n == 1 or not haproxy:
            children = [child("app1", command(port, "0.0.0.0"))]
            urls = [f"http://127.0.0.1:{port}"]
        else:
            ports = free_ports(n)
            children = [child(f"app{i}", command(inner)) for i, inner in enumerate(ports, 1)]
            urls = [f"http://127.0.0.1:{inner}" for inner in (*ports, port)]
            configuration = Path(folder) / "haproxy.cfg"
            configuration.write_text(
                balancer.configuration([f"127.0.0.1:{inner}" for inner in ports], f":{port}")
            )
            children.append(child("haproxy", [haproxy, "-db", "-f", str(configuration)]))
        print(f"Starting {len(children)} processes ..." if children[1:] else "Starting ...", flush=True)
        for url in urls:
            _await(url, children)
        print(_told(port, own_address()), flush=True)
        while True:
            _renew(children)
            time.sleep(1)


def _await(url: str, children: Sequence[Child]) -> None:
    """Wait until an address answers; raise Failed where one of the processes ends, or it takes too long."""
    end = time.monotonic() + SECONDS
    while not is_healthy(url):
        for child in children:
            if child.has_ended():
                raise Failed(f"{child.name} did not start. It said:\n{child.said()}")
        if time.monotonic() > end:
            raise Failed(f"Nothing answers at {url} after {SECONDS} seconds.\n{children[0].said()}")
        time.sleep(0.1)


def _renew(children: Sequence[Child]) -> None:
    """Start those again that have ended by themselves: their readers' pages come back then."""
    for child in children:
        if child.has_ended():
            print(f"{child.name} has ended and is started again. It said:\n{child.said()}", file=sys.stderr)
            child.start()


def _told(port: int, address: str | None) -> str:
    """Return what to tell the class."""
    here = f"On this computer: http://localhost:{port}   Ctrl+C ends it."
    if address is None:
        return f"This computer is in no network: nobody else can open the app.\n{here}"
    return (
        f"The address for the class: http://{address}:{port}\n{here}\n"
        f"If others cannot open it, this computer's firewall must let port {port} in."
    )
