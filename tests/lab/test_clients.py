"""Twenty pages at once, and a server that was started again."""

from __future__ import annotations

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from websockets.sync.client import connect

from tests.lab.conftest import end, start

pytestmark = pytest.mark.slow

CLIENTS = 20
MEMORY_BYTES = 1_500_000_000  # of the server, with all of them learning


def resident_bytes(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def curve(address, run):
    answer = httpx2.post(
        f"{address.url}/api/curve",
        json={"run": run, "hidden": 8, "task": "parity:3"},
        headers={"Authorization": f"Bearer {address.token}"},
        timeout=60,
    )
    assert answer.status_code == 200
    return len(answer.content)


def long_work(address, name):
    """Let 30,000 starts learn, and give the moments of its reports."""
    url = f"ws://{urlsplit(address.url).netloc}/api/work"
    with connect(url, origin=address.url, open_timeout=30) as line:
        line.send(json.dumps({"kind": "hello", "token": address.token}))
        assert json.loads(line.recv(30))["kind"] == "welcome"
        work = {"work": "more starts", "settings": {"seed": name}, "runs": 30_000}
        line.send(json.dumps({"kind": "begin", "id": "a", "work": work}))
        moments = [time.perf_counter()]
        while (said := json.loads(line.recv(120)))["kind"] == "progress":
            moments.append(time.perf_counter())
        assert said["result"]["runs"] == 30_000
        return moments


def test_twenty_pages_learn_at_once(tmp_path):
    """All are answered, none waits for another's end, and memory is bounded."""
    lab, address = start(tmp_path)
    try:
        with ThreadPoolExecutor(2 * CLIENTS) as pool:
            works = [pool.submit(long_work, address, k) for k in range(CLIENTS)]
            curves = [pool.submit(curve, address, k) for k in range(CLIENTS)]
            sizes = {one.result(120) for one in curves}
            moments = [one.result(300) for one in works]
        assert all(size > 1_000_000 for size in sizes)
        ends = sorted(one[-1] for one in moments)
        firsts = sorted(one[1] for one in moments)
        assert firsts[-1] < ends[0], "the last to begin began before the first ended"
        assert resident_bytes(lab) < MEMORY_BYTES
    finally:
        end(lab)


def test_ctrl_c_ends_it_in_good_order(tmp_path):
    """Also while a page has the line open."""
    lab, address = start(tmp_path)
    url = f"ws://{urlsplit(address.url).netloc}/api/work"
    with connect(url, origin=address.url, open_timeout=30) as line:
        line.send(json.dumps({"kind": "hello", "token": address.token}))
        assert json.loads(line.recv(30))["kind"] == "welcome"
        lab.send_signal(signal.SIGINT)
        assert lab.wait(20) == 0
    lab.stdout.close()


def test_a_page_goes_on_with_a_server_that_was_started_again(tmp_path):
    """The same user's token holds, so that an open page need not be opened anew."""
    first, before = start(tmp_path)
    end(first)
    port = urlsplit(before.url).port
    second, after = start(tmp_path, "--port", str(port))
    try:
        assert after == before
        curve(after, 0)
    finally:
        end(second)
