"""Records: round trips to the bit, and what is said of damaged ones."""

from __future__ import annotations

import dataclasses
import errno
import json
import re
import shutil

import numpy as np
import pytest
import xarray
import zarr

import backsweep
from backsweep.errors import DataError, RecordError
from backsweep.runs import store


def record(task="xor", **settings):
    return backsweep.learn(task=task, **({"runs": 6, "seed": 2} | settings))


@pytest.fixture
def saved(tmp_path):
    runs = record(snapshots=[0, 10])
    return runs, runs.save(tmp_path / "xor.zarr")


def assert_same(one, other):
    for field in dataclasses.fields(one.history):
        ours, theirs = (getattr(runs.history, field.name) for runs in (one, other))
        assert ours.dtype == theirs.dtype, field.name
        assert ours.tobytes() == theirs.tobytes(), field.name
    assert one.procedure == other.procedure
    assert one.network == other.network
    assert one.summary() == other.summary()


def test_a_record_opens_to_the_same_bits(saved):
    runs, path = saved
    assert_same(backsweep.open(path), runs)


def test_a_record_of_ties_skips_and_held_out_cases_opens_to_the_same_bits(tmp_path):
    network = """
        input 2 ["a;b", "c"]
        hidden 2 tanh <- input (tie=t)
        top 2 <- hidden (tie=t)
        output 1 no bias <- top, input
    """
    task = backsweep.task("xor").with_held_out(1)
    runs = backsweep.learn(network, task, runs=5, seed=9)
    again = backsweep.open(runs.save(tmp_path / "odd.zarr"))
    assert_same(again, runs)
    assert again.task.n_held_out == 1
    assert np.array_equal(again.replay(3).parameters[0], runs.parameters[3])


def test_runs_that_diverged_open_to_the_same_bits(tmp_path):
    procedure = backsweep.Procedure(epsilon=1e300, sweeps=50)
    with pytest.warns(backsweep.FitWarning):
        runs = record(
            procedure=dataclasses.replace(procedure, error="cross-entropy"),
            network="input 2; output 1 linear <- input",
        )
    assert set(runs.outcomes) == {"diverged"}
    assert_same(backsweep.open(runs.save(tmp_path / "gone.zarr")), runs)


@pytest.mark.parametrize("engine", ["plain", "compiled", "compiled-f32"])
@pytest.mark.parametrize("runs", [1, 20])
def test_snapshots_of_weights_that_are_no_numbers_open_to_the_same_bits(
    tmp_path, engine, runs
):
    """Their NaN carry a sign: the difference of two infinities."""
    large, larger = (1e18, 1e25) if engine == "compiled-f32" else (1e150, 1e200)
    procedure = backsweep.Procedure(
        epsilon=1.0,
        alpha=0.0,
        until="end",
        sweeps=3,
        start=backsweep.Start(given=(large / larger, larger, larger)),
    )
    network = backsweep.parse(
        "input 1; a 1 linear no bias <- input; output 2 linear no bias <- a"
    )
    task = dataclasses.replace(
        backsweep.task("xor"),
        network=network,
        inputs=np.ones((4, 1)),
        desired=np.array([[large, 3 * large], [large, -3 * large]] * 2),
        held_out=0,
    )
    learned = backsweep.learn(
        network, task, procedure, runs=runs, engine=engine, snapshots=[1]
    )
    assert np.isnan(learned.history.snapshots).any()
    assert_same(backsweep.open(learned.save(tmp_path / "gone.zarr")), learned)


def test_no_field_of_a_record_keeps_the_sign_of_a_nan(tmp_path):
    runs = record(snapshots=[0, 10])
    fields = ("parameters", "errors", "snapshots", "final_errors")
    signed = {
        name: np.full_like(getattr(runs.history, name), -np.nan) for name in fields
    }
    history = dataclasses.replace(runs.history, **signed)
    path = dataclasses.replace(runs, history=history).save(tmp_path / "signed.zarr")
    again = backsweep.open(path).history
    for name in fields:
        values = getattr(again, name)
        assert np.isnan(values).all(), name
        assert not np.signbit(values).any(), name


def test_the_dataset_is_labelled(saved):
    runs, _ = saved
    data = runs.dataset
    assert data.sizes["run"] == 6
    assert data["weights to hidden from input"].dims == ("run", "hidden", "input")
    assert data["snapshots of biases of hidden"].dims == ("run", "snapshot", "hidden")
    assert data["errors"].dims == ("run", "sweep")
    assert json.loads(data.attrs["settings"])["procedure"]["epsilon"] == 0.5


def test_the_table_has_a_row_a_network(saved):
    runs, _ = saved
    table = runs.table()
    assert len(table) == 6
    assert table["outcome"].tolist() == runs.outcomes.tolist()
    assert table["final_errors"].tolist() == runs.final_errors.tolist()


def test_the_notebook_form_is_escaped():
    task = dataclasses.replace(backsweep.task("xor"), name="<b>")
    text = record(task)._repr_html_()  # what a notebook calls
    assert "&lt;b&gt;" in text
    assert "<b>" not in text
    assert "median" in text


def test_runs_and_snapshots_that_are_not_there_are_named(saved):
    runs, _ = saved
    with pytest.raises(DataError, match=r"no run 6\.\nhint: it holds runs 0 to 5"):
        runs.replay(6)
    with pytest.raises(
        DataError, match=r"no snapshot after sweep 11\.\nhint: there are 0, 10"
    ):
        runs.parameters_of(0, 11)


def test_an_existing_record_is_kept(saved):
    runs, path = saved
    with pytest.raises(RecordError, match="is there already"):
        runs.save(path)
    other = record(seed=3)
    other.save(path, force=True)
    assert_same(backsweep.open(path), other)
    assert [item.name for item in path.parent.iterdir()] == ["xor.zarr"]


def test_a_full_disk_leaves_nothing_behind(saved, monkeypatch):
    runs, path = saved

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(xarray.Dataset, "to_zarr", full)
    with pytest.raises(RecordError, match="cannot be written: No space left on device"):
        runs.save(path, force=True)
    assert [item.name for item in path.parent.iterdir()] == ["xor.zarr"]
    monkeypatch.undo()
    assert_same(backsweep.open(path), runs)


def test_a_missing_record_is_named(tmp_path):
    with pytest.raises(RecordError, match=r"there is no record '.*none\.zarr'"):
        backsweep.open(tmp_path / "none.zarr")
    (tmp_path / "none.zarr.partial").mkdir()
    with pytest.raises(RecordError, match="was broken off"):
        backsweep.open(tmp_path / "none.zarr")


def test_something_else_is_not_a_record(tmp_path):
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    (tmp_path / "folder").mkdir()
    for name in ("table.csv", "folder"):
        with pytest.raises(RecordError, match="not a record of Backsweep"):
            backsweep.open(tmp_path / name)
    zarr.create_group(tmp_path / "other.zarr")
    with pytest.raises(RecordError, match="not a record of Backsweep"):
        backsweep.open(tmp_path / "other.zarr")


def test_a_newer_record_is_refused(saved, monkeypatch, tmp_path):
    runs, _ = saved
    monkeypatch.setattr(store, "FORMAT_VERSION", 2)
    path = runs.save(tmp_path / "new.zarr")
    monkeypatch.undo()
    with pytest.raises(RecordError, match="from a newer version"):
        backsweep.open(path)


def opened(path):
    """Give the record, or what is said of it; nothing but a RecordError may come."""
    try:
        return backsweep.open(path)
    except RecordError as error:
        return str(error)


def files_of(path):
    return sorted(item for item in path.rglob("*") if item.is_file())


@pytest.mark.slow
def test_damage_anywhere_is_found_and_nothing_else_is_raised(saved, tmp_path):
    runs, path = saved
    for number, file in enumerate(files_of(path)):
        copy = tmp_path / f"copy-{number}"
        for damage in ("truncated", "changed", "missing"):
            shutil.copytree(path, copy)
            target = copy / file.relative_to(path)
            content = target.read_bytes()
            if damage == "truncated":
                target.write_bytes(content[: len(content) // 2])
            elif damage == "changed":
                middle = len(content) // 2
                flipped = bytes([content[middle] ^ 0x55])
                target.write_bytes(content[:middle] + flipped + content[middle + 1 :])
            else:
                target.unlink()
            found = opened(copy)
            if isinstance(found, str):
                assert re.search("damaged|not a record|newer", found)
            else:
                assert_same(found, runs)  # what was hit carries no content
            shutil.rmtree(copy)


def test_the_name_of_what_is_damaged_is_given(saved):
    _, path = saved
    chunk = next(item for item in files_of(path / "errors") if item.name != "zarr.json")
    chunk.write_bytes(chunk.read_bytes()[:10])
    with pytest.raises(RecordError, match=r"damaged: .*'errors'"):
        backsweep.open(path)
    chunk.unlink()
    with pytest.raises(RecordError, match="damaged: 'errors' is not what was saved"):
        backsweep.open(path)


@pytest.mark.parametrize("name", ["run", "sweep", "case", "inputs", "desired", "right"])
def test_a_layer_may_have_a_name_that_the_record_uses(tmp_path, name):
    network = f"input 2; {name} 2 <- input; output 1 <- {name}"
    runs = backsweep.learn(network, "xor", runs=2)
    assert_same(backsweep.open(runs.save(tmp_path / "odd.zarr")), runs)


def test_changed_settings_are_found(saved):
    _, path = saved
    description = path / "zarr.json"
    for old, new in (('\\"seed\\": 2', '\\"seed\\": 3'), ("0.5", "0.6")):
        text = description.read_text("utf-8")
        assert old in text
        description.write_text(text.replace(old, new), "utf-8")
        with pytest.raises(RecordError, match="'settings' is not what was saved"):
            backsweep.open(path)
        description.write_text(text, "utf-8")


def test_what_is_no_record_is_never_overwritten(tmp_path):
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.tex").write_text("years of work")
    kept = tmp_path / "x.zarr.partial"
    kept.mkdir()
    (kept / "notes.txt").write_text("mine")
    with pytest.raises(RecordError, match="is no record: it is not overwritten"):
        record(save=folder, force=True)
    with pytest.raises(RecordError, match="must have a name of its own"):
        record(save=".", force=True)
    record(save=tmp_path / "x.zarr", force=True)
    assert (folder / "chapter.tex").read_text() == "years of work"
    assert (kept / "notes.txt").read_text() == "mine"
