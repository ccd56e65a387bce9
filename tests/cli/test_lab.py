"""`backsweep lab`: the address that it prints, and what it is refused for."""

from __future__ import annotations

import socket

import pytest

from backsweep.lab import opening


@pytest.fixture
def served(monkeypatch, tmp_path):
    """Let nothing be served; give what would have been."""
    calls = []

    def serve(listener, token, *, say, opens, folder):
        port = listener.getsockname()[1]
        listener.close()
        say(f"http://127.0.0.1:{port}/#token={token}")
        assert folder is None, "the current one"
        calls.append((port, token, opens))

    monkeypatch.setattr(opening, "serve", serve)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return calls


def test_the_address_is_all_that_stdout_holds(run, served):
    done = run("lab", "--no-open")
    ((port, token, opens),) = served
    assert done.exit_code == 0
    assert done.stdout == f"http://127.0.0.1:{port}/#token={token}\n"
    assert "Ctrl-C ends it" in done.stderr
    assert not opens


def test_the_browser_is_opened_unless_it_shall_not(run, served):
    run("lab")
    assert served[0][2]


@pytest.mark.parametrize(
    ("port", "said"),
    [
        ("abc", "`--port` must be a whole number, at least 1, got 'abc'."),
        ("0", "`--port` must be a whole number, at least 1, got '0'."),
        ("65536", "`--port` must be at most 65535, got 65536."),
    ],
)
def test_what_is_no_port_is_refused_as_every_number_is(run, served, port, said):
    done = run("lab", "--port", port)
    assert done.exit_code == 2
    assert f"error: {said}" in done.stderr
    assert served == []


def test_a_taken_port_is_refused_with_what_to_do(run, served):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("lab", "--port", taken.getsockname()[1])
    assert done.exit_code == 2
    assert "`--port` must be free" in done.stderr
    assert "leave it out" in done.stderr
