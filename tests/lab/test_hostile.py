"""Hostile requests: what wants to be let in, to fill the memory, or to keep others out.

`test_server` and `test_fuzz` ask the application; here the server itself is asked, over
real sockets, and in Chromium from a page that another server gave.
"""

from __future__ import annotations

import json
import shutil
import socket
import threading
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

import backsweep
from backsweep.errors import DataError, RecordError
from backsweep.lab import records
from backsweep.lab.budget import LIMITS
from backsweep.lab.data import take_in
from backsweep.lab.extent import bytes_of
from backsweep.lab.records import Shelf
from tests.lab.conftest import end, start

slow = pytest.mark.slow

MEGABYTE = 1_000_000
MEMORY_BYTES = 700 * MEGABYTE  # of a server that was asked all of this
IDLE = 1_000  # sockets


# ---- tables --------------------------------------------------------------------------

HALF = LIMITS.table_bytes // 2
TABLES = {
    "a million columns": (b"," * 1_000_000 + b"\n1\n", "row 2 of"),
    "half a million names": (
        ",".join(f"c{k}" for k in range(500_000)).encode() + b"\n1\n",
        "must have 500000 cells",
    ),
    "one cell": (b"a,b\n" + b"x" * 2 * HALF + b",1\n", "field larger than"),
    "a quote without an end": (b'a,b\n"' + b"x" * HALF, "field larger than"),
    "zeros": (bytes(HALF), "field larger than"),
    "empty lines": (b"\n" * HALF, "at most 20,000 rows"),
    "empty lines of another kind": (b"\r" * HALF, "at most 20,000 rows"),
    "rows": (b"a,b\n" + b"1,2\n" * 100_000, "at most 20,000 rows"),
    "columns": (
        b",".join(b"c%d" % k for k in range(301)) + (b"\n" + b"1," * 300 + b"1") * 3,
        "at most 300 columns",
    ),
    "packed": (b"\x1f\x8b\x08" + bytes(1000), "must be text in UTF-8"),
    "a document": (b"PK\x03\x04\xff" + bytes(1000), "must be text in UTF-8"),
}


@pytest.mark.parametrize("name", TABLES)
def test_what_is_no_table_is_refused_with_a_sentence(name):
    content, sentence = TABLES[name]
    with pytest.raises(DataError, match=sentence):
        take_in("a.csv", content)


# ---- records -------------------------------------------------------------------------


def test_a_record_that_promises_more_than_it_has_is_not_opened(tmp_path, opened_in):
    """Twenty kilobytes on disk would be three thousand millions in memory."""
    good, bad = tmp_path / "good.zarr", tmp_path / "bad.zarr"
    backsweep.learn(task="xor", runs=2, seed=1).save(good)
    shutil.copytree(good, bad)
    description = bad / "errors" / "zarr.json"
    said = json.loads(description.read_text())
    description.write_text(json.dumps(said | {"shape": [20_000, 20_000]}))
    assert bytes_of(good) < 1_000_000
    assert bytes_of(bad) > 8 * 20_000**2
    address = opened_in(tmp_path)
    for name, status in (("bad.zarr", 400), ("good.zarr", 200)):
        answer = asked(address, "/api/records/ensemble", json={"name": name})
        assert answer.status_code == status
        if status == 400:
            assert "at most 400,000,000 bytes" in answer.json()["message"]


BOMBS = {
    "a chunk larger than its array": (
        {"chunk_grid": {"name": "regular", "configuration": {
            "chunk_shape": [20_000, 20_000]}}},
        "at most 400,000,000 bytes",
    ),
    "long words": (
        {"data_type": {"name": "fixed_length_utf32", "configuration": {
            "length_bytes": 4_000_000_000}}},
        "must hold numbers alone, got 'fixed_length_utf32' in 'errors'",
    ),
    "words of any length": ({"data_type": "string"}, "numbers alone, got 'string'"),
    "chunks of another kind": (
        {"chunk_grid": {"name": "rectilinear", "configuration": {}}},
        "the description of 'errors' cannot be read",
    ),
    "chunks within chunks": (
        {"codecs": [{"name": "sharding_indexed", "configuration": {}}]},
        "the description of 'errors' cannot be read",
    ),
    "half a sign": (
        {"shape": [20_000, 20_000], "attributes": {"a": "\ud800"}},
        "the description of 'errors' cannot be read",
    ),
    "many attributes": (
        {"attributes": {"a": "x" * 20_000_000}}, "in at most 20,000,000 bytes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_record_that_is_small_on_disk_alone_is_not_opened(
    tmp_path, monkeypatch, name
):
    """Whatever its descriptions say: nothing is made of it first."""
    changes, sentence = BOMBS[name]
    bad = tmp_path / "bad.zarr"
    backsweep.learn(task="xor", runs=2, seed=1).save(bad)
    shelf = Shelf(tmp_path)
    assert shelf.find("bad.zarr").n_runs == 2
    monkeypatch.setattr(records, "open_runs", lambda _: pytest.fail("opened"))
    description = bad / "errors" / "zarr.json"
    said = json.loads(description.read_text())
    description.write_text(json.dumps(said | changes))
    with pytest.raises(RecordError, match=sentence):
        shelf.find("bad.zarr")
    (line,) = shelf.listing().records
    assert line.damage


def test_a_description_that_cannot_be_read_is_damage(tmp_path):
    bad = tmp_path / "bad.zarr"
    bad.mkdir()
    for text in ('{"a":' * 100_000, "", "[]", '{"node_type":"else"}'):
        (bad / "zarr.json").write_text(text)
        with pytest.raises(RecordError, match=r"description of 'bad\.zarr' cannot be"):
            bytes_of(bad)


def test_a_description_that_cannot_be_opened_is_not_called_damage(tmp_path):
    (tmp_path / "bad.zarr" / "zarr.json").mkdir(parents=True)
    with pytest.raises(RecordError, match=r"must be readable, got: .*\.") as refused:
        bytes_of(tmp_path / "bad.zarr")
    assert "damaged" not in refused.value.message


# ---- the server ----------------------------------------------------------------------


def asked(address, path, **given):
    headers = {"Authorization": f"Bearer {address.token}"}
    return httpx2.post(f"{address.url}{path}", headers=headers, timeout=60, **given)


def connected(address):
    there = urlsplit(address.url)
    return socket.create_connection((there.hostname, there.port), timeout=60)


def raw(address, text):
    """Say something, and read until the server hangs up."""
    said = b""
    with connected(address) as line, suppress(ConnectionError):
        line.sendall(text)
        for part in iter(partial(line.recv, 65_536), b""):
            said += part
    return said


def resident_bytes(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def parts(size, count):
    for _ in range(count):
        yield b" " * size


@pytest.fixture(scope="module")
def besieged(tmp_path_factory):
    """Give a lab of its own, and its process."""
    lab, address = start(tmp_path_factory.mktemp("cache"))
    yield lab, address
    end(lab)


BODIES = {
    "deep lists": (b"[" * 60_000, 400),
    "deep objects": (b'{"a":' * 10_000, 400),
    "a number of 60,000 digits": (b'{"seed":' + b"9" * 60_000 + b"}", 400),
    "a number beyond all": (b'{"epsilon":1e999}', 422),
    "no text": (b"\xff\xfe\x00", 400),
    "nothing": (b"", 422),
    "more than it may be": (b" " * (LIMITS.body_bytes + 1), 413),
}


@slow
@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_message_is_refused_with_a_sentence(besieged, name):
    _, address = besieged
    body, status = BODIES[name]
    kind = {"Content-Type": "application/json"}
    there = f"{address.url}/api/curve"
    headers = kind | {"Authorization": f"Bearer {address.token}"}
    answer = httpx2.post(there, content=body, headers=headers, timeout=60)
    assert answer.status_code == status
    assert answer.json()["message"].endswith(".")


@slow
@pytest.mark.parametrize("path", ["/api/curve", "/api/table?name=a.csv"])
def test_a_body_that_does_not_say_its_length_is_counted(besieged, path):
    _, address = besieged
    answer = asked(address, path, content=parts(100_000, 80))
    assert answer.status_code == 413
    assert "at most" in answer.json()["message"]


@slow
def test_a_request_that_never_ends_keeps_nobody_out(besieged):
    """A thousand that never come to an end: others are answered, they are let go."""
    lab, address = besieged
    half = f"POST /api/curve HTTP/1.1\r\nHost: {urlsplit(address.url).netloc}\r\n"
    lines = [connected(address) for _ in range(IDLE)]
    try:
        for number, line in enumerate(lines):
            line.sendall(half.encode() if number % 2 else b"")
        assert asked(address, "/api/curve", json={}).status_code == 200
        assert resident_bytes(lab) < MEMORY_BYTES
        said = {line.recv(65_536)[:12] for line in lines}
        assert said <= {b"", b"HTTP/1.1 400"}, "hung up on, all of them"
    finally:
        for line in lines:
            line.close()
    assert asked(address, "/api/curve", json={}).status_code == 200


@slow
def test_a_long_line_for_headers_is_refused(besieged):
    _, address = besieged
    answer = raw(address, b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000 + b"\r\n\r\n")
    assert answer[:10] in (b"", b"HTTP/1.1 4"), "it may hang up before that is read"
    assert asked(address, "/api/curve", json={}).status_code == 200


@slow
@pytest.mark.parametrize(
    "path", ["/..%2f..%2fbudget.py", "/vendor/..%5c..%5cbudget.py", "//etc/passwd",
             "/%00", "/main.js%00.html", "/../budget.py", "/./../budget.py"]
)  # fmt: skip
def test_no_path_leads_out_of_the_pages(besieged, path):
    """Said as it stands, which a client would have made neat."""
    _, address = besieged
    there = urlsplit(address.url).netloc
    answer = raw(
        address,
        f"GET {path} HTTP/1.1\r\nHost: {there}\r\nConnection: close\r\n\r\n".encode(),
    )
    assert answer.startswith(b"HTTP/1.1 404")


@slow
def test_the_memory_of_the_besieged_is_bounded(besieged):
    lab, address = besieged
    for content, _ in TABLES.values():
        assert asked(address, "/api/table?name=a.csv", content=content).is_client_error
    assert resident_bytes(lab) < MEMORY_BYTES


# ---- another page --------------------------------------------------------------------

HOSTILE = b"""<!doctype html><meta charset="utf-8"><title>another page</title>
<iframe name="into"></iframe>"""
TRIES = (Path(__file__).parent / "hostile.js").read_text("utf-8")


class _Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(HOSTILE)

    def log_message(self, *said):
        pass


@contextmanager
def another_page():
    """Serve a page at another port of this machine, which a browser takes for other."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@slow
@pytest.mark.browser
def test_another_page_gets_nothing_out_of_the_lab(browser, opened):
    """Not even with the token, in a browser in which the lab is open."""
    context = browser.new_context()
    try:
        own = context.new_page()
        own.goto(opened.at("page=curve&sweep=1"))
        own.wait_for_selector('.board[aria-busy="false"]')
        with another_page() as url:
            other = context.new_page()
            answers = []
            other.on("response", lambda answer: answers.extend([answer]))
            other.goto(url)
            said = other.evaluate(TRIES, {"lab": opened.url, "token": opened.token})
            assert len(said) == 11
            got = {name: what for name, what in said.items() if what[:3] != "no:"}
            assert got == {}
            other.wait_for_timeout(500)
            posted = [a for a in answers if a.request.method == "POST"]
            assert posted, "nothing was posted"
            assert {answer.status for answer in posted} == {403}
        own.locator("input.sweeps").fill("7")  # the lab's own page was not disturbed
        own.wait_for_function("() => location.hash.includes('sweep=7')")
    finally:
        context.close()
