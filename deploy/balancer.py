"""HAProxy in front of the app's processes: its configuration, from haproxy.cfg, and where it is installed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

TEMPLATE = Path(__file__).with_name("haproxy.cfg")
BIND = ":8500"
SERVERS = ("127.0.0.1:8501", "127.0.0.1:8502")

_BIND_LINE = re.compile(r"^( *bind ).*$", re.MULTILINE)
_SERVER_LINES = re.compile(r"(?:^ *server .*\n)+", re.MULTILINE)


def configuration(servers: Sequence[str] = SERVERS, bind: str = BIND) -> str:
    """Return haproxy.cfg with other servers, and another place to listen at.

    Parameters
    ----------
    servers : sequence of str
        The processes of the app, as host:port.
    bind : str
        Where readers connect to, as [host]:port.

    Returns
    -------
    str
        The whole file.

    Raises
    ------
    ValueError
        Where there is no server.

    >>> print(configuration(["10.0.0.5:8501"]).splitlines()[-1])
        server app1 10.0.0.5:8501 cookie app1
    """
    if not servers:
        raise ValueError("HAProxy needs at least one server to send readers to.")
    lines = (f"    server app{n} {server} cookie app{n}\n" for n, server in enumerate(servers, 1))
    text = TEMPLATE.read_text(encoding="utf-8")
    return _SERVER_LINES.sub(lambda _: "".join(lines), _BIND_LINE.sub(rf"\g<1>{bind}", text))


def installed() -> str | None:
    """Return HAProxy's command, or None where it is not installed. Debian puts it where only root looks."""
    return shutil.which("haproxy") or shutil.which(
        "haproxy", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
    )
