"""What is made ahead: by a process that waits for answers, nearest shapes first."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from backsweep.engines.compiled import link
from backsweep.lab.ahead import Ahead, in_a_process
from backsweep.lab.curve import history, others
from backsweep.lab.messages import CurveAsked, CurveSettings
from backsweep.lab.server import create
from tests.lab.conftest import ROOT


@pytest.fixture
def compiled(monkeypatch, tmp_path):
    """Give what has been compiled here, beginning with an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    found = []

    def counting(text, processor=None, *, original=link.object_code):
        found.append(text)
        return original(text, processor)

    monkeypatch.setattr(link, "object_code", counting)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "shape", [{"hidden": 3}, {"task": "parity:3", "hidden": 8, "update": "case"}]
)
def test_nothing_is_compiled_for_an_answer_whose_shape_was_made(compiled, shape):
    with in_a_process() as make:
        make(CurveSettings(**shape))
    history(CurveAsked(**shape))
    others(CurveSettings(**shape, epsilon=0.3, seed=5, run=1234))
    assert compiled == []
    history(CurveAsked(**shape | {"hidden": 5}))
    assert compiled != [], "what was not made is compiled, and counted"


def test_every_shape_is_made_once_and_the_neighbours_of_what_is_shown_first():
    made: list[CurveSettings] = []
    Ahead().work(made.append)
    assert len(set(map(str, made))) == len(made) == 6 * 9 * 2
    assert made[0] == CurveSettings(), "which the first page shows"
    changed = [
        sum(
            getattr(shape, name) != getattr(made[0], name)
            for name in ("task", "hidden", "update")
        )
        for shape in made[1:9]
    ]
    assert changed == [1] * 8, "two of hidden units, five tasks, and case by case"


def test_what_is_shown_meanwhile_leads_on():
    ahead, made = Ahead(), []
    with TestClient(
        create("t" * 32, port=1986, ahead=ahead), base_url="http://127.0.0.1:1986"
    ) as client:

        def make(shape):
            made.append(shape)
            if len(made) == 1:
                client.post(
                    "/api/curve",
                    json={"task": "and", "hidden": 0},
                    headers={"Authorization": "Bearer " + "t" * 32},
                ).raise_for_status()

        ahead.work(make)
    assert (made[1].task, made[1].hidden) == ("and", 0)


def test_nothing_is_made_while_anything_is_answered(monkeypatch):
    ahead, waited, made = Ahead(), [], []
    answer = ahead.answering()

    def wait_for(may_go_on):
        waited.append(may_go_on())
        if len(waited) == 2:
            answer.__exit__(None, None, None)
            assert may_go_on()

    monkeypatch.setattr(ahead.idle, "wait_for", wait_for)

    def make(shape):
        made.append(shape)
        if len(made) == 1:
            answer.__enter__()
        if len(made) == 2:
            ahead.end()

    ahead.work(make)
    assert waited == [True, False, True]
    assert len(made) == 2, "and nothing after the end"


def test_why_the_process_ended_is_logged(monkeypatch, caplog):
    monkeypatch.setattr("backsweep.lab.ahead.__name__", "backsweep.nowhere")
    with pytest.raises(BrokenPipeError), in_a_process() as make:
        make(CurveSettings())
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "ended with 1." in record.message
    assert "No module named backsweep.nowhere" in record.message


def test_without_a_place_to_keep_it_nothing_is_made(monkeypatch):
    monkeypatch.setattr("backsweep.lab.ahead.user_cache", lambda: None)
    monkeypatch.setattr("backsweep.lab.ahead.in_a_process", pytest.fail)
    Ahead().work_in_a_process()
