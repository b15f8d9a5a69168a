"""How a class is served: HAProxy's configuration, the unit for systemd, and the one command for a laptop."""

import http.client
import re
import shutil
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from streamlit import config

from deploy import balancer, laptop
from deploy.server import ENVIRONMENT, ROOT, is_healthy
from tests.app_server import free_port
from tests.haproxy import balancing, needs_haproxy

UNIT = ROOT / "deploy" / "gmmviz@.service"
OTHERS = "defaults\n    mode http\n    timeout connect 5s\n    timeout client 5s\n    timeout server 5s\n"


# --- HAProxy's configuration ---


def test_the_file_is_what_the_function_gives_for_two_processes_of_this_machine():
    assert balancer.configuration() == balancer.TEMPLATE.read_text()


def test_other_servers_and_another_port_change_their_lines_alone():
    servers = ["10.0.0.5:8501", "10.0.0.6:8501", "10.0.0.6:8502"]
    lines = balancer.configuration(servers, "127.0.0.1:80").splitlines()
    before = balancer.configuration().splitlines()
    assert [line.split() for line in lines if line not in before] == [
        ["bind", "127.0.0.1:80"],
        *(["server", f"app{n}", server, "cookie", f"app{n}"] for n, server in enumerate(servers, 1)),
    ]
    assert sum(line.startswith("    server ") for line in lines) == 3


def test_no_server_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        balancer.configuration([])


@needs_haproxy
@pytest.mark.parametrize("before", ["", OTHERS], ids=["alone", "beside another file"])
def test_haproxy_takes_it(before, tmp_path):
    (tmp_path / "1.cfg").write_text(before)
    (tmp_path / "2.cfg").write_text(balancer.configuration([f"127.0.0.1:{9000 + n}" for n in range(16)]))
    files = [part for name in ("1.cfg", "2.cfg") for part in ("-f", str(tmp_path / name))]
    checked = subprocess.run([balancer.installed(), "-c", *files], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


class Answering(BaseHTTPRequestHandler):
    """Says at which port it was asked, as long as it is well."""

    def do_GET(self):
        self.send_response(200 if self.server.well else 500)
        self.end_headers()
        self.wfile.write(str(self.server.server_port).encode())

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def answering():
    """A server of this process that stands for one of the app."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.well = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def ask(port, cookie=""):
    """Return status, text and cookie of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/", headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, (answer.getheader("Set-Cookie") or "").partition(";")[0]


def eventually(condition):
    """Wait until something holds; a check of health every second or two decides when."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@needs_haproxy
def test_a_reader_stays_with_one_process_goes_on_with_another_when_it_ends_and_is_told_when_none_is_left():
    with ExitStack() as stack:
        servers = {
            str(server.server_port): server for server in (stack.enter_context(answering()) for _ in range(2))
        }
        port = stack.enter_context(balancing([f"127.0.0.1:{port}" for port in servers]))
        (_, first, cookie), (_, second, _) = ask(port), ask(port)
        assert {first, second} == set(servers), "new readers are shared out"
        assert {ask(port, cookie) for _ in range(10)} == {(200, first, "")}

        servers[first].shutdown()
        servers[first].server_close()
        status, text, moved = ask(port, cookie)
        assert (status, text) == (200, second), "the first request after the end is answered"
        assert moved not in ("", cookie)
        assert ask(port, moved) == (200, second, "")

        servers[second].well = False
        eventually(lambda: ask(port, moved)[0] == 503)
        assert "tries again by itself" in ask(port)[1]
        servers[second].well = True
        eventually(lambda: ask(port)[:2] == (200, second))


# --- The unit ---


def test_the_unit_sets_options_that_streamlit_has_and_one_thread_in_blas():
    words = " ".join(re.findall(r"^Environment=(.*)$", UNIT.read_text(), re.MULTILINE)).split()
    given = dict(word.split("=") for word in words)
    assert given.pop("STREAMLIT_SERVER_PORT") == "%i"
    options = {key: given.pop(f"STREAMLIT_SERVER_{key.upper()}") for key in ("address", "headless")}
    assert options == {"address": "127.0.0.1", "headless": "true"}
    assert given == ENVIRONMENT
    for key in ("port", *options):
        config.get_option(f"server.{key}")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path):
    text = UNIT.read_text().replace("/opt/gmmviz/.venv/bin/python", sys.executable)
    (tmp_path / "gmmviz@8501.service").write_text(text.replace("=/opt/gmmviz\n", "=/\n"))
    found = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "gmmviz@8501.service")], capture_output=True, text=True
    )
    assert (found.returncode, found.stderr) == (0, "")


# --- The command ---


def test_as_many_processes_as_cores_unless_said_otherwise():
    assert laptop.arguments([]).processes == laptop.cores() >= 1
    assert vars(laptop.arguments(["3", "--port", "80"])) == {"processes": 3, "port": 80}
    for wrong in (["0"], ["-1"], ["two"], ["--port", "70000"]):
        with pytest.raises(SystemExit):
            laptop.arguments(wrong)


def test_a_port_that_is_taken_is_said_and_nothing_is_started(capsys, monkeypatch):
    monkeypatch.setattr(laptop, "Child", None)
    with answering() as server:
        port = server.server_port
        assert laptop.main(["2", "--port", str(port)]) == 1
    assert f"Port {port} is taken" in capsys.readouterr().err


def test_what_does_not_start_says_why_and_the_rest_is_ended(capsys, monkeypatch):
    monkeypatch.setattr(
        laptop, "command", lambda *_: [sys.executable, "-c", "raise SystemExit('no such thing')"]
    )
    assert laptop.main(["1", "--port", str(free_port())]) == 1
    assert "app1 did not start. It said:\nno such thing" in capsys.readouterr().err


def test_what_ends_by_itself_is_started_again(tmp_path, capsys):
    child = laptop.Child("app1", [sys.executable, "-c", "print('enough')"], tmp_path / "log")
    eventually(child.has_ended)
    laptop._renew([child])
    eventually(lambda: child.said() == "enough\nenough")
    assert "app1 has ended and is started again. It said:\nenough" in capsys.readouterr().err
    child.end()


def served(monkeypatch, capsys, *given):
    """Start as the command does, stop as Ctrl+C does once all is there; return what it said, and the processes."""
    children = []

    def interrupt(these):
        assert is_healthy(f"http://localhost:{port}")
        children.extend(these)
        raise KeyboardInterrupt

    port = free_port()
    monkeypatch.setattr(laptop, "_renew", interrupt)
    assert laptop.main([*given, "--port", str(port)]) == 0
    assert not is_healthy(f"http://localhost:{port}")
    assert all(child.has_ended() for child in children)
    said = capsys.readouterr().out
    assert f"http://localhost:{port}" in said
    return said, [child.name for child in children]


def test_without_haproxy_one_process_serves_all_and_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.setattr(balancer, "installed", lambda: None)
    monkeypatch.setattr(laptop, "own_address", lambda: "10.1.2.3")
    said, children = served(monkeypatch, capsys, "4")
    assert children == ["app1"]
    assert "HAProxy is not installed" in said
    assert "apt install haproxy" in said
    assert "The address for the class: http://10.1.2.3:" in said


@needs_haproxy
def test_with_haproxy_several_processes_stand_behind_one_address(monkeypatch, capsys):
    monkeypatch.setattr(laptop, "own_address", lambda: None)
    said, children = served(monkeypatch, capsys, "2")
    assert children == ["app1", "app2", "haproxy"]
    assert "in no network" in said
