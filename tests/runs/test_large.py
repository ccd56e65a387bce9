"""Ensembles too large to hold: the same bits, in files, and little memory."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import time
import tracemalloc
from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import zarr

import backsweep
from backsweep.errors import RecordError, SettingError
from backsweep.learning import History, gather
from backsweep.learning.gather import Gathering
from backsweep.runs import stream

XOR = backsweep.task("xor")
SHORT = replace(XOR.procedure, sweeps=30)


def learn(**settings):
    defaults: dict[str, Any] = {
        "task": XOR,
        "procedure": SHORT,
        "runs": 60,
        "engine": "compiled",
    }
    return backsweep.learn(**(defaults | settings))


def files_of(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def assert_same(ours, theirs):
    for field in fields(History):
        one, other = (getattr(record.history, field.name) for record in (ours, theirs))
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
        assert one.tobytes() == other.tobytes(), field.name


@pytest.mark.parametrize("name", ["plain", "compiled"])
def test_what_lies_in_files_is_what_memory_holds(tmp_path, monkeypatch, name):
    held = learn(save=tmp_path / "held.zarr", snapshots=[0, 7], engine=name)
    monkeypatch.setattr(gather, "HELD_BYTES", 0)
    in_files = learn(save=tmp_path / "files.zarr", snapshots=[0, 7], engine=name)
    assert isinstance(in_files.parameters, np.memmap)
    assert not isinstance(held.parameters, np.memmap)
    assert_same(in_files, held)
    assert in_files.summary() == held.summary()
    assert files_of(tmp_path / "files.zarr") == files_of(tmp_path / "held.zarr")
    assert_same(backsweep.open(tmp_path / "files.zarr"), held)
    assert not (tmp_path / "files.zarr.partial").exists()


def test_rows_are_written_a_few_at_a_time_to_the_same_files(tmp_path, monkeypatch):
    runs = learn(runs=3000, snapshots=[0, 7])
    runs.save(tmp_path / "at once.zarr")
    monkeypatch.setattr(stream, "ROWS_BYTES", 5000)
    runs.save(tmp_path / "by and by.zarr")
    at_once, by_and_by = (
        files_of(tmp_path / name) for name in ("at once.zarr", "by and by.zarr")
    )
    assert at_once == by_and_by
    assert len(at_once) > 30
    backsweep.open(tmp_path / "by and by.zarr")


def test_a_digest_is_that_of_the_whole(monkeypatch):
    values = np.random.default_rng(1).normal(size=(101, 3, 2))
    whole = stream.digest(values)
    for size in (1, 48, 49, 4800):
        monkeypatch.setattr(stream, "ROWS_BYTES", size)
        assert stream.digest(values) == whole
        assert stream.digest(values[:, ::-1]) != whole
    assert stream.digest(values[:0]) != stream.digest(values[:0, :2])
    assert stream.digest(np.array(3.0)) != stream.digest(np.array(4.0))


@pytest.mark.slow
def test_memory_does_not_hold_what_is_kept_on_disk(tmp_path, monkeypatch):
    """Of 19 MB of errors no more than a part is ever in memory."""
    monkeypatch.setattr(gather, "HELD_BYTES", 0)
    monkeypatch.setattr(stream, "ROWS_BYTES", 200_000)
    settings: dict[str, Any] = {
        "procedure": replace(SHORT, epsilon=0.1, sweeps=60),
        "every": 1,
    }
    learn(save=tmp_path / "first.zarr", runs=8, **settings)  # loads libraries
    tracemalloc.start()
    try:
        runs = learn(save=tmp_path / "large.zarr", runs=40_000, threads=1, **settings)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert runs.errors.nbytes == 19_200_000
    assert peak < 10_000_000


def test_blocks_may_come_in_any_order_and_with_gaps():
    whole = learn(runs=40).history
    parts = {
        block: History(
            **{
                field.name: getattr(whole, field.name)[block.start : block.stop]
                for field in fields(History)
            }
        )
        for block in (range(20, 30), range(10), range(30, 40))
    }
    gathering = Gathering(range(40))
    assert gathering.history() is None
    for block, part in parts.items():
        gathering.take(block, part)
    found = gathering.history()
    assert found is not None
    there = [*range(10), *range(20, 40)]
    assert found.run.tolist() == there
    assert found.parameters.tobytes() == whole.parameters[there].tobytes()


def test_ctrl_c_while_a_record_is_written_leaves_nothing_half_done(
    tmp_path, monkeypatch
):
    """The blocks are kept, no half record is left, and no more than a part written."""
    path, written = tmp_path / "kept.zarr", []
    set_item = zarr.Array.__setitem__

    def press(array, part, values):
        if array.name == "/errors":
            written.append(part)
            if len(written) == 2:
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.2)  # the main thread hears it meanwhile
        set_item(array, part, values)

    monkeypatch.setattr(stream, "ROWS_BYTES", 1000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zarr.Array, "__setitem__", press)
        with pytest.raises(KeyboardInterrupt):
            learn(runs=9000, save=path)
    assert len(written) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["kept.zarr.partial"]
    assert_same(learn(runs=9000, save=path, resume=True), learn(runs=9000))
    assert [one.name for one in tmp_path.iterdir()] == ["kept.zarr"]


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(gather, "HELD_BYTES", 0)

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(RecordError, match=r"cannot be kept in .*: No space left"):
        learn(save=tmp_path / "full.zarr")


def test_a_record_that_the_disk_cannot_hold_is_refused_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000))
    with pytest.raises(SettingError, match="60 runs must fit the free disk of 0 GB"):
        learn(save=tmp_path / "not" / "there" / "full.zarr")
    learn()  # memory holds it
