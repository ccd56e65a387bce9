"""The server: who is let in, what is refused, and whose numbers it gives."""

from __future__ import annotations

import json
from contextlib import contextmanager

import numpy as np
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

import backsweep
from backsweep.equations import backward, forward
from backsweep.errors import SettingError
from backsweep.lab import data, mirror, packing
from backsweep.lab.budget import LIMITS, check_work
from backsweep.lab.curve import count_more, network_of, procedure_of
from backsweep.lab.messages import CurveSettings, MoreStarts
from backsweep.lab.opening import free_socket, kept_token
from backsweep.lab.server import create
from backsweep.lab.work import WORKS

TOKEN = "t" * 32
HERE = "http://127.0.0.1:1986"
LINE = "ws://127.0.0.1:1986/api/work"


@pytest.fixture(scope="module")
def lab():
    with TestClient(create(TOKEN, port=1986), base_url=HERE) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client


def arrays_of(answer):
    raw, body = packing.unpacked(answer.content)
    message = json.loads(raw)
    arrays = {
        place["name"]: np.frombuffer(
            body, place["dtype"], int(np.prod(place["shape"])), place["offset"]
        ).reshape(place["shape"])
        for place in message["arrays"]
    }
    return message, arrays


# ---- who is let in ------------------------------------------------------------------


def test_the_shell_needs_no_token(lab):
    answer = lab.get("/", headers={"Authorization": ""})
    assert answer.status_code == 200
    assert "<title>Backsweep lab" in answer.text


@pytest.mark.parametrize("path", ["/api/about", "/api/openapi.json", "/api/nothing"])
@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}"])
def test_all_else_needs_the_token(lab, path, given):
    answer = lab.get(path, headers={"Authorization": given})
    assert answer.status_code == 401
    assert answer.json()["message"].startswith("the token must be")


@pytest.mark.parametrize(
    "host", ["evil.example:1986", "127.0.0.1:80", "127.0.0.1", "127.0.0.1.nip.io:1986"]
)
@pytest.mark.parametrize("path", ["/", "/main.js", "/api/about"])
def test_a_foreign_host_is_refused(lab, host, path):
    """A name that somebody points at this machine opens nothing: no rebinding."""
    answer = lab.get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert host in answer.json()["message"]


@pytest.mark.parametrize(
    ("port", "host", "status"),
    [
        (80, "127.0.0.1", 200),
        (80, "localhost", 200),
        (80, "127.0.0.1:80", 200),
        (80, "evil.example", 421),
        (80, "127.0.0.1:8080", 421),
        (8080, "127.0.0.1", 421),
    ],
)
def test_a_browser_leaves_port_80_out(port, host, status):
    headers = {"Host": host, "Origin": f"http://{host}"}
    headers["Authorization"] = f"Bearer {TOKEN}"
    with TestClient(create(TOKEN, port=port)) as client:
        assert client.get("/api/about", headers=headers).status_code == status


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:1986", ""]
)
def test_a_foreign_origin_is_refused(lab, origin):
    answer = lab.post("/api/curve", json={}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert "Origin" in answer.json()["message"]


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://evil.example"}, {"Host": "evil.example"}]
)
def test_a_foreign_websocket_is_refused(lab, headers):
    with (
        pytest.raises(WebSocketDisconnect),
        lab.websocket_connect(LINE, headers=headers),
    ):
        pass


def test_a_websocket_without_the_token_is_closed(lab):
    with lab.websocket_connect(LINE, headers={"Origin": HERE}) as socket:
        socket.send_json({"kind": "hello", "token": "wrong"})
        assert socket.receive_json()["kind"] == "refused"
        with pytest.raises(WebSocketDisconnect):
            socket.receive_json()


@pytest.mark.parametrize(
    "path",
    [
        "/../server.py",
        "/..%2fserver.py",
        "/%2e%2e/server.py",
        "/vendor/../../server.py",
    ],
)
def test_nothing_outside_the_pages_can_be_read(lab, path):
    answer = lab.get(path)
    assert answer.status_code == 404
    assert "cannot be answered" in answer.json()["message"]


def test_pages_may_load_nothing_from_elsewhere(lab):
    policy = lab.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", ["/", "/main.js", "/api/about"])
def test_every_answer_says_its_version_and_is_asked_for_anew(lab, path):
    """A page tells by it that the server is another one now."""
    headers = lab.get(path).headers
    assert headers["Backsweep-Version"] == backsweep.__version__
    assert headers["Cache-Control"] == "no-cache"


# ---- what is refused ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"hidden": 9}, "`hidden` must be less than or equal to 8, got 9."),
        ({"hidden": "2"}, "`hidden` must be a valid integer, got '2'."),
        ({"alpha": 1}, "`alpha` must be less than 1, got 1."),
        ({"epsilon": -1}, "`epsilon` must be greater than or equal to 0, got -1."),
        ({"task": "xro"}, "`task` must be 'xor', 'and', 'or', 'nand', 'xnor' or "),
        ({"layers": 3}, "`layers` cannot be read: extra inputs are not permitted"),
    ],
)
def test_wrong_settings_get_a_sentence(lab, settings, sentence):
    answer = lab.post("/api/curve", json=settings)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(sentence)


def test_a_number_that_is_none_is_refused(lab):
    answer = lab.post(
        "/api/curve",
        content='{"epsilon": NaN}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422


def test_what_is_not_held_any_more_is_said_apart(lab):
    """So that a page can hand it in, or let it be learned, anew."""
    settings = {"table": "0" * 16}
    answer = lab.post("/api/data/plan", json=settings)
    assert answer.status_code == 410
    assert "not held any more" in answer.json()["message"]
    answer = lab.post("/api/data/ensemble", json={"seed": 987_654})
    assert answer.status_code == 410
    assert "must have been learned" in answer.json()["message"]


def test_too_large_a_body_is_refused_with_the_limit(lab):
    answer = lab.post("/api/curve", content=b" " * (LIMITS.body_bytes + 1))
    assert answer.status_code == 413
    assert "65,536" in answer.json()["message"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ZeroDivisionError("a secret"), "the lab failed at this: ZeroDivisionError."),
        (MemoryError(), "what was asked for needs more memory than there is."),
    ],
)
def test_what_nobody_foresaw_is_said_as_every_refusal(monkeypatch, error, sentence):
    """The page takes an answer of another form for that of another server."""

    def failing(_):
        raise error

    monkeypatch.setattr(data, "plan", failing)
    app = create(TOKEN, port=1986)
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        answer = client.post("/api/data/plan", json={})
    assert answer.status_code == 500
    assert answer.json()["message"] == sentence
    assert answer.json()["hint"].endswith(".")
    assert "nosniff" in answer.headers["X-Content-Type-Options"]


def test_work_beyond_the_budget_is_refused_with_the_limit():
    check_work(cases=4, sweeps=600, parameters=9, runs=1000)
    with pytest.raises(SettingError, match=r"must be at most 4,000,000,000,000, got"):
        check_work(cases=4, sweeps=600, parameters=9, runs=10**9)
    with pytest.raises(SettingError, match=r"hint: ask for fewer sweeps, or for a "):
        check_work(cases=20_000, sweeps=20_000, parameters=20_000, runs=1)


# ---- its numbers --------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        CurveSettings(),
        CurveSettings(task="and", hidden=0, epsilon=2.0),
        CurveSettings(task="parity:3", hidden=3, run=7),
        CurveSettings(task="nand", hidden=1, update="case"),
    ],
    ids=str,
)
def test_a_curve_is_learned_and_passed_by_the_equations(lab, settings):
    message, arrays = arrays_of(lab.post("/api/curve", json=settings.model_dump()))
    task = backsweep.task(settings.task)
    network = network_of(settings)
    runs = backsweep.learn(
        task=task,
        network=network,
        procedure=procedure_of(settings),
        seed=settings.seed,
        runs=range(settings.run, settings.run + 1),
        engine="compiled",
        snapshots=(0, 300, 600),
    )
    for place, sweep in enumerate((0, 300, 600)):
        w = runs.history.snapshots[0, place]
        passed = forward(network, w, task.inputs)
        signals = backward(network, w, passed, task.desired)
        assert arrays["weights"][sweep] == pytest.approx(w, rel=1e-6)
        assert arrays["dE_dw"][sweep] == pytest.approx(
            signals.dE_dw, rel=1e-5, abs=1e-9
        )
        for name, values in (
            ("y", passed.y),
            ("x", passed.x),
            ("dE_dy", signals.dE_dy),
            ("dE_dx", signals.dE_dx),
        ):
            above = [values[layer.name] for layer in network.layers[1:]]
            assert arrays[name][sweep] == pytest.approx(
                np.concatenate(above, axis=-1), rel=1e-5, abs=1e-9
            )
        by_case = arrays["dE_dw_by_case"][sweep]
        assert by_case.sum(axis=0) == pytest.approx(signals.dE_dw, rel=1e-4, abs=1e-6)
        for case in range(task.n_cases):
            alone = forward(network, w, task.inputs[case : case + 1])
            own = backward(network, w, alone, task.desired[case : case + 1])
            assert by_case[case] == pytest.approx(own.dE_dw, rel=1e-5, abs=1e-9)
    if settings.update == "sweep":  # else the weights change while it is measured
        assert arrays["error"][:-1] == pytest.approx(runs.errors[0], rel=1e-5)
    assert message["learned_at"] == runs.learned_at[0]


def test_the_plane_agrees_with_the_cases_at_its_corners(lab):
    settings = {"task": "parity:3", "hidden": 3}
    message, arrays = arrays_of(lab.post("/api/curve", json=settings))
    last = arrays["plane"].shape[-1] - 1
    for case, (a, b, c) in enumerate(message["inputs"]):
        corner = arrays["plane"][:, int(c), :, int(b) * last, int(a) * last] / 65535
        assert corner == pytest.approx(arrays["y"][:, case], abs=1e-4)


def test_a_run_is_one_of_the_thousand(lab):
    settings = {"run": 17, "seed": 4}
    one, whole = arrays_of(lab.post("/api/curve", json=settings))
    crowd, many = arrays_of(lab.post("/api/curve/others", json=settings))
    assert crowd["learned"] + crowd["stuck"] + crowd["diverged"] == crowd["runs"]
    assert many["error"][17] == pytest.approx(
        whole["error"][crowd["recorded"]], rel=1e-6
    )
    assert many["learned_at"][17] == one["learned_at"]
    assert (np.diff(many["quantiles"], axis=0) >= 0).all()


# ---- long work ----------------------------------------------------------------------


@contextmanager
def line_of(client):
    with client.websocket_connect(LINE, headers={"Origin": HERE}) as socket:
        socket.send_json({"kind": "hello", "token": TOKEN})
        assert socket.receive_json()["kind"] == "welcome"
        yield socket


@pytest.fixture
def line(lab):
    with line_of(lab) as socket:
        yield socket


def begin(line, identifier, runs):
    work = MoreStarts(work="more starts", settings=CurveSettings(), runs=runs)
    line.send_json({"kind": "begin", "id": identifier, "work": work.model_dump()})


def test_long_work_tells_how_far_it_is(line):
    begin(line, "a", 12_000)
    said = [line.receive_json() for _ in range(4)]
    assert [one["kind"] for one in said] == ["progress"] * 3 + ["done"]
    assert [one["done"] for one in said[:3]] == [5_000, 10_000, 12_000]
    result = said[-1]["result"]
    assert result["learned"] + result["stuck"] + result["diverged"] == 12_000
    assert sum(result["counts"]) == result["learned"]
    assert result["low"] < result["learned"] / 12_000 < result["high"]


def test_long_work_can_be_cancelled(line):
    begin(line, "a", 100_000_000)
    assert line.receive_json()["kind"] == "progress"
    line.send_json({"kind": "cancel", "id": "a"})
    while (said := line.receive_json())["kind"] == "progress":
        assert said["done"] < 10_000_000
    assert said == {"kind": "done", "id": "a", "result": None}


def test_more_pieces_of_work_than_allowed_are_refused_with_the_limit(line):
    for number in range(LIMITS.jobs + 1):
        begin(line, str(number), 100_000_000)
    while (said := line.receive_json())["kind"] != "refused":
        pass
    assert f"at most {LIMITS.jobs} pieces of work" in said["message"]
    assert said["id"] == str(LIMITS.jobs)


def test_work_that_cannot_be_read_is_refused_by_its_name(line):
    """So that the page which began it does not wait for it."""
    work = {"work": "more starts", "settings": {"hidden": 9}, "runs": 1}
    line.send_json({"kind": "begin", "id": "wrong", "work": work})
    said = line.receive_json()
    assert said["id"] == "wrong"
    assert said["message"].startswith("`hidden` must be less than or equal to 8")
    line.send_json({"kind": "begin", "id": ["no name"], "work": work})
    assert line.receive_json()["id"] is None
    line.send_text('{"id": "cut of')
    assert line.receive_json()["id"] is None


def test_a_cancel_of_what_is_not_under_way_harms_nothing(line):
    line.send_json({"kind": "cancel", "id": "nothing"})
    begin(line, "a", 12_000)
    assert line.receive_json()["id"] == "a"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RuntimeError("a secret"), "the lab failed at this: RuntimeError."),
        (OSError("a secret"), "the lab failed at this: OSError."),
        (MemoryError(), "what was asked for needs more memory than there is."),
    ],
)
def test_work_that_fails_says_so_and_is_logged(monkeypatch, caplog, error, sentence):
    """Whatever it raises: the page must not wait for ever, and others are served."""

    def failing(work, identifier):
        yield next(iter(count_more(work, identifier)))
        raise error

    monkeypatch.setitem(WORKS, MoreStarts, failing)
    with (
        TestClient(create(TOKEN, port=1986), base_url=HERE) as broken,
        line_of(broken) as socket,
    ):
        begin(socket, "a", 12_000)
        assert socket.receive_json()["kind"] == "progress"
        said = socket.receive_json()
        assert (said["kind"], said["id"], said["message"]) == ("refused", "a", sentence)
        assert said["hint"].endswith(".")
        begin(socket, "b", 12_000)
        assert socket.receive_json()["kind"] == "progress"
    assert type(error).__name__ in caplog.text
    assert "Traceback" in caplog.text


# ---- the files ----------------------------------------------------------------------


def test_the_pages_types_mirror_the_messages():
    assert mirror.FILE.read_text("utf-8") == mirror.mirrored()


def test_the_token_is_kept_and_nobody_else_can_read_it(tmp_path):
    token = kept_token(tmp_path / "new")
    path = tmp_path / "new" / "lab-token"
    assert kept_token(tmp_path / "new") == token
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    assert kept_token(tmp_path / "new") != token, "others may have read it"
    assert len({kept_token(None), kept_token(None), token}) == 3


def test_a_taken_port_is_said():
    with free_socket(None) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingError, match=f"`port` must be free .* got {port}"):
            free_socket(port)
