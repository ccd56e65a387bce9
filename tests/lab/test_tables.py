"""Tables that are handed in, what is learned from them, and the folder of records."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from starlette.testclient import TestClient

import backsweep
from backsweep import tasks
from backsweep.equations import forward, output_error
from backsweep.errors import (
    BacksweepError,
    DataError,
    RecordError,
    SettingError,
    SpecError,
)
from backsweep.lab import case_view, data, packing, run_view
from backsweep.lab.budget import LIMITS
from backsweep.lab.held import Held, bytes_in
from backsweep.lab.messages import (
    CaseAsked,
    DataSettings,
    LearnTable,
    RecordAsked,
    RunAsked,
    SaveAsked,
)
from backsweep.lab.records import Shelf
from backsweep.lab.server import create
from backsweep.procedure import Criterion, Procedure
from backsweep.runs import stream
from backsweep.tasks.table import Table

IRIS = Path(__file__).parents[2] / "examples" / "iris.csv"
TOKEN = "d" * 32
HERE = "http://127.0.0.1:1986"
QUICK = DataSettings(sweeps=20, runs=2)


@pytest.fixture
def lab(tmp_path):
    app = create(TOKEN, port=1986, folder=tmp_path)
    with TestClient(app, base_url=HERE) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client


def carry_out(settings):
    reports = list(data.Learning(LearnTable(work="learn table", settings=settings), ""))
    return reports[-1].so_far


def arrays_of(body):
    raw, rest = packing.unpacked(body)
    message = json.loads(raw)
    return message, {
        place["name"]: np.frombuffer(
            rest, place["dtype"], int(np.prod(place["shape"])), place["offset"]
        ).reshape(place["shape"])
        for place in message["arrays"]
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n" + b"1,2\n" * (LIMITS.table_rows + 1), "at most 20,000 rows"),
        (b"\n" * 100_000, "at most 20,000 rows"),
        (b",".join(b"c%dx" % k for k in range(301)) + b"\n" + b"1," * 300 + b"1\n",
         "at most 300 columns"),
        (b"a,b\n1,2,3\n", "row 2 of t.csv must have 2 cells"),
    ],
)  # fmt: skip
def test_what_is_too_large_or_no_table_is_refused(content, said):
    with pytest.raises(DataError, match=said):
        data.take_in("t.csv", content)


def test_too_many_bytes_are_refused_before_they_are_read(lab):
    answer = lab.post("/api/table?name=t.csv", content=b"a" * (LIMITS.table_bytes + 1))
    assert answer.status_code == 413
    assert "4,000,000 bytes" in answer.json()["message"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", ".."])
def test_a_name_is_only_a_name(lab, name):
    answer = lab.post("/api/table", params={"name": name}, content=b"a,b\n1,2\n2,3\n")
    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        assert "/" not in answer.json()["name"]


@pytest.mark.parametrize("name", ["a\0b", "a\nb.csv", "", "a" * 121])
def test_a_name_can_be_read(lab, name):
    answer = lab.post("/api/table", params={"name": name}, content=b"a,b\n1,2\n2,3\n")
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("`name` cannot be read")


def test_what_it_writes_keeps_every_digit():
    settings = DataSettings(hold_out=0.1234567, epsilon=0.0123456789)
    plan = data.plan(settings)
    assert "hold_out=0.1234567," in plan.python
    assert "--hold-out 0.1234567 " in plan.command
    for said in (plan.python, plan.command):
        assert "0.0123456789" in said


def test_a_run_is_that_of_the_equations():
    settings = DataSettings(sweeps=40, runs=3, hold_out=0.3, seed=5)
    assert carry_out(settings).finished == 3
    task = backsweep.read_table("examples/iris.csv", hold_out=0.3, seed=5)
    procedure = data.result_of(settings).runs.procedure
    runs = backsweep.learn(
        task=task, procedure=procedure, runs=3, seed=5, engine="compiled"
    )
    message, arrays = arrays_of(data.one_run(RunAsked(settings=settings, run=1)))
    assert message["right"] == runs.right[1]
    assert arrays["moments"].tolist() == list(range(41))
    assert arrays["parameters"][-1] == pytest.approx(
        runs.parameters[1].astype(np.float32)
    )
    places = [task.case_names.index(name) for name in message["cases"]]
    assert arrays["places"].tolist() == places
    again = runs.replay(1, snapshots=(7,))
    for moment, sweep in ((7, 7), (-1, None)):
        y = again.activities(1, sweep=sweep).y
        whole = np.concatenate([y["hidden"], y["output"]], axis=-1)[places].T
        low, high = arrays["ranges"][moment].T
        of_units = np.repeat([0, 1], [8, 3])
        levels = arrays["y"][moment] / 65535
        told = low[of_units, None] + (high - low)[of_units, None] * levels
        assert told == pytest.approx(whole, abs=2e-5)
        chosen = np.array(message["words"])[arrays["answered"][moment, :, 0]]
        names = np.array([unit[8:] for unit in task.network["output"].units])
        assert chosen.tolist() == names[y["output"][places].argmax(-1)].tolist()
        wanted = np.array(message["words"])[arrays["wanted"][:, 0]]
        assert (arrays["right"][moment] == (chosen == wanted)).all()
    assert set(np.flatnonzero(arrays["held_out"])) == {
        k for k, place in enumerate(places) if place in task.held_out_cases
    }
    # The error that is traced is the error that was recorded, one change earlier.
    assert arrays["trace"][0, 0] == pytest.approx(runs.errors[1, 0], rel=1e-5)
    assert arrays["trace"][-1, 0] == pytest.approx(runs.final_errors[1], rel=1e-5)
    assert arrays["recorded"].tolist() == list(range(41))
    assert arrays["error"] == pytest.approx(arrays["trace"][:, 0], rel=1e-5)


@pytest.mark.parametrize("changes", [{}, {"predict": (3,), "leave": (4,)}])
def test_the_signals_of_a_case_are_the_slopes_of_its_error(changes):
    settings = DataSettings(sweeps=30, runs=1, seed=3, **changes)
    carry_out(settings)
    runs = data.result_of(settings).runs
    _, arrays = arrays_of(data.one_case(CaseAsked(settings=settings, run=0, case=7)))
    network, task, w = runs.network, runs.task, runs.parameters[0]

    def error(parameters):
        passed = forward(network, parameters, task.inputs[7:8])
        measure = runs.procedure.error
        return float(output_error(network, passed, task.desired[7:8], measure))

    # Hidden unit 2 from input 1, and its bias: dE/dw is dE/dx times what was sent.
    place = 2 * network.n_in + 1
    bias = 8 * network.n_in + 2
    for index, sent in ((place, task.inputs[7, 1]), (bias, 1.0)):
        step = np.zeros(len(w))
        step[index] = 1e-6
        slope = (error(w + step) - error(w - step)) / 2e-6
        assert arrays["dE_dx"][-1, 2] * sent == pytest.approx(slope, rel=1e-4)


def test_the_change_of_a_weight_is_that_which_was_made():
    settings = DataSettings(sweeps=300, runs=2, seed=4)
    carry_out(settings)
    runs = data.result_of(settings).runs
    message, arrays = arrays_of(
        data.one_case(CaseAsked(settings=settings, run=1, case=0))
    )
    _, whole = arrays_of(data.one_run(RunAsked(settings=settings, run=1)))
    sweeps = whole["moments"]
    assert len(sweeps) == len(arrays["change"]) > 90
    each = runs.replay(1, snapshots=tuple(range(301))).history.snapshots[0]
    later = sweeps[1:]
    made = each[later] - each[later - 1]
    assert arrays["change"][1:] == pytest.approx(made, abs=1e-6)
    assert message["step"] == ""
    assert (message["epsilon"], message["alpha"]) == (0.1, 0.9)
    assert message["factor"] == pytest.approx(1 / 120)
    told = -0.1 * arrays["slope"] + 0.9 * arrays["before"]
    assert arrays["change"] == pytest.approx(told, abs=1e-6)


def test_a_run_with_numbers_of_its_own_is_shown_with_them():
    whole = Procedure(
        epsilon=(0.1, 0.2), alpha=(0.5, 0.9), decay=(0.0, 1e-3), zone=(0.1, 0.3),
        half=False, scale="mean", sweeps=20,
        criterion=Criterion(value=(0.2, 0.4)), until="end",
    )  # fmt: skip
    runs = backsweep.learn(task="xor", procedure=whole, engine="compiled", seed=3)
    for run, epsilon, alpha in ((0, 0.1, 0.5), (1, 0.2, 0.9)):
        message, arrays = arrays_of(case_view.one_case(runs, run, 1))
        found = {name: message[name] for name in ("epsilon", "alpha", "factor", "step")}
        assert found == {"epsilon": epsilon, "alpha": alpha, "factor": 0.5, "step": ""}
        told = alpha * arrays["before"] - epsilon * arrays["slope"]
        assert arrays["change"] == pytest.approx(told, abs=1e-6)
        sent_back = runs.signals(run, runs.task.case_names[1]).dE_dy["output"]
        assert arrays["dE_dy"][-1, -1] == pytest.approx(sent_back[0, 0])
        message, _ = arrays_of(run_view.one_run(runs, run))
        assert ["epsilon", f"{epsilon:g}"] in message["settings"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        ({"task": "families"}, "not the same for all"),
        ({"task": "xor", "procedure": {"update": "case"}}, "more than once in a sweep"),
    ],
)
def test_why_a_change_is_not_equation_nine_is_said(make, said):
    task = tasks.named(make["task"])
    procedure = replace(task.procedure, **make.get("procedure", {}))
    runs = backsweep.learn(task=task, procedure=procedure, runs=1, engine="compiled")
    message, arrays = arrays_of(case_view.one_case(runs, 0, 1))
    assert said in message["step"]
    assert arrays["change"].shape[1] == 0


def test_words_that_look_like_numbers_are_told():
    rows = "\n".join(f'{k},"1,{100 + k}",{k}%,a{k % 3}' for k in range(20))
    seen = data.take_in("money.csv", f"n,price,share,kind\n{rows}\n".encode())
    told = {column.name: column.like_numbers for column in seen.columns}
    assert told == {"n": "", "price": "1,100", "share": "0%", "kind": ""}


def test_a_plan_says_what_one_unit_of_error_is():
    by_width = DataSettings(predict=(3,), leave=(4,))
    plan = data.plan(by_width)
    task = data.prepared(by_width).table.task
    learning = np.setdiff1d(np.arange(150), task.held_out_cases)
    sheet = backsweep.read_table(IRIS, desired="petal_width", seed=0, hold_out=0.2)
    assert sheet.held_out_cases == task.held_out_cases
    widths = np.loadtxt(IRIS, delimiter=",", skiprows=1, usecols=3)
    assert plan.spreads == pytest.approx((widths[learning].std(),))
    apart = widths[list(task.held_out_cases)].var() / widths[learning].var()
    assert plan.held_out_variance == pytest.approx(apart)
    assert data.plan(DataSettings()).spreads == ()
    assert data.plan(DataSettings()).held_out_variance is None


def test_a_run_of_a_map_has_its_own_settings():
    grid = backsweep.grid(epsilon=[0.1, 1.0], runs=2)
    runs = backsweep.learn(task="xor", grid=grid, seed=2, engine="compiled")
    for run, epsilon in ((0, "0.1"), (3, "1")):
        message, _ = arrays_of(run_view.one_run(runs, run))
        assert message["settings"] == [["epsilon", epsilon]]
    alone = backsweep.learn(task="xor", runs=1, engine="compiled")
    assert arrays_of(run_view.one_run(alone, 0))[0]["settings"] == []


def test_what_is_refused_is_said_for_this_page(tmp_path):
    carry_out(QUICK)
    shelf = Shelf(tmp_path)
    shelf.save(SaveAsked(settings=QUICK, name="mine"))
    with pytest.raises(RecordError, match="already") as taken:
        shelf.save(SaveAsked(settings=QUICK, name="mine"))
    down = DataSettings(network="input 4; output 3 <- input, output")
    with pytest.raises(BacksweepError, match="upward") as wrong:
        data.plan(down)
    with pytest.raises(DataError, match=r"^book.xlsx must be .*, got .xlsx\.") as book:
        data.take_in("book.xlsx", b"PK")
    for refused in (taken, wrong, book):
        hint = refused.value.hint
        assert hint
        assert "force" not in hint
        assert "delay" not in hint


def test_a_network_that_cannot_be_read_keeps_its_own_hint():
    with pytest.raises(SpecError, match="must name layers after") as refused:
        data.plan(DataSettings(network="input 4; output 3 <- input (a) b"))
    assert "stand in brackets" in str(refused.value.hint)


def test_before_and_after_all_of_it():
    settings = DataSettings(sweeps=20, runs=2, seed=8)
    with pytest.raises(DataError, match="must have been learned"):
        data.ensemble(settings)
    carry_out(settings)
    message, arrays = arrays_of(data.ensemble(settings))
    assert message["runs"] == 2
    assert message["guessing"] == pytest.approx(1 / 3)
    assert (np.diff(arrays["quantiles"], axis=0) >= 0).all()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"predict": (9,)}, "a column's number must be under 5"),
        ({"leave": (0, 1, 2, 3)}, "a column to learn from"),
        ({"network": "4-300-3"}, None),
        ({"network": "4-3000-3"}, "at most 20,000 weights"),
        ({"network": "input 4; output 3 <- input, output (delay=1)"}, "no links with"),
        ({"table": "0123456789abcdef"}, "not held any more"),
        ({"sweeps": 20_000, "runs": 1000, "network": "4-200-3"}, "4,000,000,000,000"),
    ],
)
def test_what_cannot_be_learned_is_said(changes, said):
    settings = DataSettings(**changes)
    if said is None:
        assert data.plan(settings).parameters == 2403
        return
    with pytest.raises(BacksweepError, match=said):
        data.plan(settings)


def test_learning_that_is_stopped_keeps_what_it_has():
    settings = DataSettings(sweeps=20_000, runs=100, network="4-60-60-3")
    learning = data.Learning(LearnTable(work="learn table", settings=settings), "x")
    first = next(one for one in learning if one.done)
    assert first.done < first.total
    learning.stop()
    assert len(list(learning)) >= 1
    runs = data.result_of(settings).runs
    assert not runs.history.finished.all()
    message, _ = arrays_of(data.one_run(RunAsked(settings=settings)))
    assert message["outcome"] in {"unfinished", "learned"}


def long_table(rows, words):
    """Give a table of two columns of numbers, the first of so many different ones."""
    lines = (f"{k % words},{k % 7}" for k in range(rows))
    return "\n".join(["a,b", *lines]).encode()


@pytest.mark.parametrize(
    ("rows", "words", "changes", "most", "got"),
    [
        (12_000, 11_999, {"classes": (0,)}, "1,041", "12,000, of which 11,999 .* 'a'"),
        (12_000, 11_999, {"classes": (0,), "predict": (0,)}, "1,041", "'a'"),
        (4_000, 2_000, {"classes": (0,)}, "2,000", "2,001"),
        (4_000, 2_000, {"classes": (0,), "network": "2000-1-1"}, "2,000", "2,001"),
    ],
)
def test_a_column_of_many_classes_is_refused_before_it_is_laid_out(
    monkeypatch, rows, words, changes, most, got
):
    """A unit for each class of each row would be gigabytes."""
    monkeypatch.setattr(Table, "of", lambda *_, **__: pytest.fail("laid out"))
    mark = data.take_in("many.csv", long_table(rows, words)).table
    with pytest.raises(DataError, match=f"at most {most} units here.*{got}") as refused:
        data.plan(DataSettings(table=mark, **changes))
    assert refused.value.hint


def test_the_own_network_of_a_table_is_bounded_too():
    mark = data.take_in("many.csv", long_table(4_000, 1_500)).table
    with pytest.raises(SpecError, match="at most 20,000 weights and biases"):
        data.plan(DataSettings(table=mark, classes=(0,)))
    few = DataSettings(table=mark, classes=(0,), network="1500-1-1", sweeps=1, runs=1)
    assert data.plan(few).parameters == 1503


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ("-".join(["4", *["5"] * 200, "3"]), "at most 20 layers here, got 202"),
        (
            "; ".join(
                ["input 4"]
                + [
                    f"h{k} 2 <- {', '.join(['input', *[f'h{j}' for j in range(k)]])}"
                    for k in range(10)
                ]
                + ["output 3 <- h9"]
            ),
            "at most 40 links between layers here, got 56",
        ),
    ],
)
def test_a_network_that_takes_long_to_compile_is_refused(network, said):
    with pytest.raises(SpecError, match=said):
        data.plan(DataSettings(network=network))


def test_what_would_take_much_to_keep_is_refused():
    settings = DataSettings(network="4-100-100-60-3", sweeps=1, runs=1000)
    with pytest.raises(SettingError, match="at most 40,000,000 to be kept") as refused:
        data.plan(settings)
    runs = int(str(refused.value.hint).split()[4].replace(",", ""))
    with pytest.raises(SettingError, match="to be kept"):
        data.plan(settings.model_copy(update={"runs": runs + 1}))
    assert data.plan(settings.model_copy(update={"runs": runs})).parameters > 10_000


def test_what_is_held_is_bounded_by_its_size():
    held: Held[bytes] = Held(3, room_bytes=10, size=len)
    for name, size in (("a", 4), ("b", 4)):
        held.put(name, bytes(size))
    assert held.get("a"), "it was asked for last"
    held.put("c", bytes(4))
    assert [held.get(name) is not None for name in "abc"] == [True, False, True]
    held.put("d", bytes(99))
    assert [len(item) for item in held.all()] == [99], "the newest stays"
    for name in "efgh":
        held.put(name, b"")
    assert len(held.all()) == 3


def test_what_was_learned_has_the_size_of_its_arrays():
    runs = backsweep.learn(task="xor", runs=5, seed=1)
    history = runs.history
    least = history.parameters.nbytes + history.errors.nbytes + runs.task.inputs.nbytes
    assert least <= bytes_in(runs) < least + 2_000


def test_learning_reports_and_can_be_stopped_before_it_has_begun(monkeypatch):
    """While the machine code is made, which hears no wish to stop."""
    may_begin = Event()

    def slow(**asked):
        may_begin.wait(60)
        return backsweep.learn(**asked)

    monkeypatch.setattr(data, "learn", slow)
    settings = DataSettings(sweeps=20_000, runs=2, seed=77)
    learning = data.Learning(LearnTable(work="learn table", settings=settings), "x")
    others = set(threading.enumerate())
    try:
        for _ in range(3):
            report = next(learning)
            assert (report.done, report.total) == (0, 40_000)
            assert report.so_far.model_dump()["errors"] == ()
        (worker,) = set(threading.enumerate()) - others
        learning.stop()
        assert list(learning) == []
    finally:
        may_begin.set()
    worker.join(60)
    with pytest.raises(data.NotHeldError):
        data.result_of(settings)


def test_a_record_that_cannot_be_written_is_said_by_its_name(tmp_path, monkeypatch):
    def full(_, path):
        path.mkdir()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path / "errors"))

    carry_out(QUICK)
    monkeypatch.setattr(stream, "write", full)
    with pytest.raises(RecordError, match="No space left on device") as refused:
        Shelf(tmp_path).save(SaveAsked(settings=QUICK, name="mine"))
    said = refused.value.message
    place = str(tmp_path)
    assert (
        said
        == f"'mine.zarr' cannot be written to {place!r}: {os.strerror(errno.ENOSPC)}."
    )
    assert not list(tmp_path.iterdir())


def test_the_folder_is_all_that_is_read_and_written(tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    outside = backsweep.learn(task="xor", runs=2).save(tmp_path / "outside.zarr")
    (folder / "link.zarr").symlink_to(outside)
    inner = backsweep.learn(task="xor", runs=2).save(folder / "inner.zarr")
    shelf = Shelf(folder)
    assert [line.name for line in shelf.listing().records] == ["inner.zarr"]
    for name in ("link.zarr", "..", "outside.zarr"):
        with pytest.raises(RecordError, match="there is no record"):
            shelf.find(name)
    (inner / "errors" / "zarr.json").unlink()
    (inner / "errors" / "zarr.json").symlink_to(outside / "errors" / "zarr.json")
    assert shelf.listing().records == (), "a part of it leads elsewhere"
    carry_out(QUICK)
    saved = shelf.save(SaveAsked(settings=QUICK, name="mine"))
    assert backsweep.open(folder / saved.name).n_runs == 2
    with pytest.raises(RecordError):
        shelf.save(SaveAsked(settings=QUICK, name="mine.zarr"))
    with pytest.raises(ValueError, match="a name of at most 100 letters"):
        SaveAsked(settings=QUICK, name="../mine")


def test_damage_is_found_after_it_was_listed_as_whole(tmp_path):
    path = backsweep.learn(task="xor", runs=2).save(tmp_path / "x.zarr")
    shelf = Shelf(tmp_path)
    assert shelf.listing().records[0].damage is None
    (path / "zarr.json").write_text("{}", "utf-8")
    assert "damaged" in str(shelf.listing().records[0].damage) or "not a record" in str(
        shelf.listing().records[0].damage
    )


def test_a_run_of_a_record_is_learned_again_to_be_seen_on_its_way(tmp_path):
    runs = backsweep.learn(task="xor", runs=3, seed=2, engine="compiled")
    runs.save(tmp_path / "x.zarr")
    shelf = Shelf(tmp_path)
    message, arrays = arrays_of(shelf.one_run(RecordAsked(name="x.zarr", run=1)))
    begun = runs.replay(1, snapshots=(0,)).history.snapshots[0, 0]
    assert arrays["moments"][[0, -1]].tolist() == [0, message["sweeps"]]
    assert arrays["parameters"][0] == pytest.approx(begun.astype(np.float32))
    assert message["answers"] == "outputs"
    assert arrays["answered"][-1] == pytest.approx(
        runs.activities(1).y["output"][arrays["places"]].astype(np.float32)
    )
    assert "run=1" in message["elsewhere"][0]["link"]


def test_of_many_outputs_all_are_read(tmp_path):
    runs = backsweep.learn(task="families", runs=1, engine="compiled")
    runs.save(tmp_path / "family.zarr")
    message, arrays = arrays_of(
        Shelf(tmp_path).one_run(RecordAsked(name="family.zarr"))
    )
    assert message["answers"] == "units"
    task = runs.task
    assert arrays["wanted"].tolist() == task.desired[arrays["places"]].tolist()
    assert arrays["wanted"].shape == (104, 24)
    assert len(message["unit_names"]) == arrays["y"].shape[1]


def test_a_record_without_weights_is_looked_at_all_the_same(tmp_path):
    grid = backsweep.grid(epsilon=[0.1, 1.0], runs=3)
    runs = backsweep.learn(task="xor", grid=grid, seed=2, engine="compiled", ends=False)
    runs.save(tmp_path / "map.zarr")
    _, arrays = arrays_of(Shelf(tmp_path).one_run(RecordAsked(name="map.zarr", run=4)))
    whole = backsweep.learn(task="xor", grid=grid, seed=2, engine="compiled")
    assert arrays["parameters"][-1] == pytest.approx(
        whole.parameters[4].astype(np.float32)
    )


def test_an_answer_is_bounded_and_holds_first_and_last():
    columns = ",".join(f"c{k}" for k in range(60))
    rows = "\n".join(
        ",".join(str((k * (c + 3)) % 97 + c) for c in range(60)) for k in range(5000)
    )
    seen = data.take_in("wide.csv", f"{columns}\n{rows}\n".encode())
    settings = DataSettings(
        table=seen.table, sweeps=30, runs=1, network="59-100-1", hold_out=0
    )
    carry_out(settings)
    body = data.one_run(RunAsked(settings=settings))
    message, arrays = arrays_of(body)
    assert len(body) < 16_100_000
    assert message["answers"] == "numbers"
    assert arrays["moments"][[0, -1]].tolist() == [0, 30]
    assert 100 < len(message["cases"]) <= 2000
    assert (np.diff(arrays["wanted"][:, 0]) >= 0).all()


def test_a_run_that_diverged_has_an_error_as_far_as_there_was_one():
    settings = DataSettings(predict=(3,), leave=(4,), epsilon=100.0, runs=1)
    carry_out(settings)
    message, arrays = arrays_of(data.one_run(RunAsked(settings=settings)))
    assert message["outcome"] == "diverged"
    assert np.isfinite(arrays["error"]).all()
    assert len(arrays["error"]) == len(arrays["recorded"]) > 1
    assert np.isnan(arrays["ranges"][-1]).any()
    assert not arrays["right"][-1].any()


def test_a_record_that_cannot_be_written_is_refused_with_a_sentence(tmp_path):
    carry_out(QUICK)
    in_the_way = tmp_path / "records"
    in_the_way.write_text("a file")
    with pytest.raises(
        RecordError, match=r"'mine\.zarr' cannot be written to .*exists"
    ):
        Shelf(in_the_way).save(SaveAsked(settings=QUICK, name="mine"))


NAMES = (
    "lr=0.1.zarr",
    "run (2).zarr",
    "a,b.zarr",
    "[x]'s.zarr",
    "größer.zarr",
    "f" * 250 + ".zarr",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Give a record."""
    path = tmp_path_factory.mktemp("whole") / "whole.zarr"
    return backsweep.learn(task="xor", runs=2, seed=1).save(path)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_listed_can_be_opened(lab, tmp_path, whole, name):
    shutil.copytree(whole, tmp_path / name)
    (line,) = lab.post("/api/records").json()["records"]
    assert (line["name"], line["damage"]) == (name, None)
    answer = lab.post("/api/records/ensemble", json={"name": name})
    assert answer.status_code == 200


@pytest.mark.parametrize("name", [b"half \xff.zarr", b"a\nb.zarr", b".hidden.zarr"])
def test_what_cannot_be_named_is_not_listed(lab, tmp_path, whole, name):
    shutil.copytree(whole, tmp_path / os.fsdecode(name))
    assert lab.post("/api/records").json()["records"] == []


@pytest.mark.parametrize(
    ("path", "name", "sentence"),
    [
        ("records/ensemble", "../a.zarr", "must be the name of a record in the folder"),
        ("records/ensemble", ".a.zarr", "must be the name of a record in the folder"),
        ("records/ensemble", "a\0.zarr", "must be the name of a record in the folder"),
        ("data/save", "lr=0.1", "must be a name of at most 100 letters, digits,"),
    ],
)
def test_a_name_that_is_none_is_refused_in_words(lab, path, name, sentence):
    body = {"name": name} | ({"settings": {}} if path == "data/save" else {})
    answer = lab.post(f"/api/{path}", json=body)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(f"`name` {sentence}")


def test_to_open_one_record_looks_at_no_other(tmp_path, whole, monkeypatch):
    for name in ("a.zarr", "b.zarr"):
        shutil.copytree(whole, tmp_path / name)
    walked: list[str] = []
    walk = Path.rglob

    def counted(path, pattern):
        walked.append(path.name)
        return walk(path, pattern)

    monkeypatch.setattr(Path, "rglob", counted)
    assert Shelf(tmp_path).find("b.zarr").n_runs == 2
    assert set(walked) == {"b.zarr"}
