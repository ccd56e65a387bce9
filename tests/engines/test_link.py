"""Object code is kept and found again, never trusted blindly, and given back."""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import backsweep
from backsweep.engines.compiled import CompiledEngine, link
from backsweep.procedure import Procedure

ROOT = Path(__file__).parents[2]


def text(number=42):
    return f"define i64 @kernel() {{ ret i64 {number} }}"


def given_by(linked):
    return ctypes.CFUNCTYPE(ctypes.c_int64)(linked.address)()


def one_kept(folder):
    (kept,) = folder.iterdir()
    return kept


def python(code, *words):
    """Start another Python on some code."""
    path = os.pathsep.join(map(str, (ROOT / "src", ROOT)))
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )


def told_by(process, timeout=300):
    """Wait for a process, and give what it printed."""
    told, _ = process.communicate(timeout=timeout)
    assert process.returncode == 0
    return told


# -- found again -------------------------------------------------------------------


def test_an_object_is_found_again(tmp_path):
    assert not link.link(text(), folder=tmp_path).from_cache
    again = link.link(text(), folder=tmp_path)
    assert again.from_cache
    assert given_by(again) == 42
    assert not link.link(text(43), folder=tmp_path).from_cache
    assert not link.link(text(), folder=None).from_cache


def test_an_object_is_for_one_processor(tmp_path):
    host = link.host()
    other = host._replace(name="x86-64" if host.name != "x86-64" else "generic")
    link.link(text(), folder=tmp_path, processor=host)
    assert not link.link(text(), folder=tmp_path, processor=other).from_cache


# -- damaged -----------------------------------------------------------------------


def flipped(at):
    def spoil(whole):
        spoilt = bytearray(whole)
        spoilt[at] ^= 1
        return bytes(spoilt)

    return spoil


DAMAGE = {
    "nothing left": lambda _: b"",
    "a letter": lambda _: b"x",
    "letters": lambda _: b"x" * 4000,
    "only the digest": lambda whole: whole[:32],
    "half": lambda whole: whole[: len(whole) // 2],
    "all but the last byte": lambda whole: whole[:-1],
    "a byte more": lambda whole: whole + b"\0",
    "a wrong digest": flipped(3),
    "one bit of the object": flipped(100),
    "the last bit": flipped(-1),
}


@pytest.mark.parametrize("spoil", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_object_is_compiled_anew(tmp_path, spoil):
    link.link(text(), folder=tmp_path)
    kept = one_kept(tmp_path)
    kept.write_bytes(spoil(kept.read_bytes()))
    anew = link.link(text(), folder=tmp_path)
    assert not anew.from_cache
    assert given_by(anew) == 42
    assert link.link(text(), folder=tmp_path).from_cache


def test_an_object_in_anothers_place_is_compiled_anew(tmp_path):
    """Its digest is right, but not under this name."""
    link.link(text(1), folder=tmp_path)
    one = one_kept(tmp_path)
    link.link(text(2), folder=tmp_path)
    (other,) = set(tmp_path.iterdir()) - {one}
    other.write_bytes(one.read_bytes())
    second = link.link(text(2), folder=tmp_path)
    assert not second.from_cache
    assert given_by(second) == 2


# -- folders -----------------------------------------------------------------------


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_folder_that_may_not_be_written_is_read_all_the_same(
    tmp_path, monkeypatch, code
):
    link.link(text(1), folder=tmp_path)

    def refuse(**_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    assert given_by(link.link(text(2), folder=tmp_path)) == 2
    assert link.link(text(1), folder=tmp_path).from_cache
    assert not link.link(text(2), folder=tmp_path).from_cache


def test_a_folder_that_cannot_be_is_done_without(tmp_path):
    """Below a file there is no folder, not even for root."""
    (tmp_path / "file").write_text("no folder")
    for _ in range(2):
        linked = link.link(text(), folder=tmp_path / "file" / "below")
        assert not linked.from_cache
        assert given_by(linked) == 42


def test_a_folder_in_an_objects_place_is_done_without(tmp_path):
    link.link(text(), folder=tmp_path)
    kept = one_kept(tmp_path)
    kept.unlink()
    kept.mkdir()
    assert given_by(link.link(text(), folder=tmp_path)) == 42
    assert [path for path in tmp_path.iterdir() if path != kept] == []


def test_whoever_has_no_home_keeps_nothing(monkeypatch):
    def nobody_knows():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", nobody_knows)
    if sys.platform == "win32":
        monkeypatch.delenv("LOCALAPPDATA")
    assert link.user_cache() is None
    task = backsweep.task("xor")
    program = CompiledEngine().prepare(task.network, task, Procedure())
    assert program.advance(program.start(1, range(2)), 3).running.all()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="HOME means nothing there")
def test_home_may_be_unset(tmp_path):
    """The system's list of users says where it is, or nothing is kept."""
    code = """
import os
for name in ("HOME", "XDG_CACHE_HOME"):
    os.environ.pop(name, None)
from backsweep.engines.compiled import link
print(link.user_cache())
"""
    told = told_by(python(code)).strip()
    assert told == "None" or told.endswith("objects")


# -- how much is kept ----------------------------------------------------------------


def test_old_objects_go(tmp_path, monkeypatch):
    monkeypatch.setattr(link, "KEPT", 3)
    for k in range(6):
        (tmp_path / f".new-{k}").write_bytes(b"of a process that was killed")
        os.utime(tmp_path / f".new-{k}", (k, k))
    for k in range(6):
        link.link(text(k), folder=tmp_path)
        for age, path in enumerate(sorted(tmp_path.iterdir(), key=os.path.getmtime)):
            os.utime(path, (age, age))  # clocks are coarse
        assert len(list(tmp_path.iterdir())) <= 3
    found = [link.link(text(k), folder=tmp_path).from_cache for k in (3, 4, 5)]
    assert found == [True] * 3


@pytest.mark.slow
def test_processes_may_write_at_once(tmp_path):
    """And while others thin the folder out and read from it."""
    code = """
import sys
from pathlib import Path
from backsweep.engines.compiled import link
from tests.engines.test_link import given_by, text
link.KEPT = int(sys.argv[2])
for k in range(60):
    assert given_by(link.link(text(k % 20), folder=Path(sys.argv[1]))) == k % 20
"""
    for most in (100, 5):
        folder = tmp_path / str(most)
        several = [python(code, folder, most) for _ in range(3)]
        for one in several:
            told_by(one)
        assert len(list(folder.iterdir())) <= most
    for k in range(20):
        assert link.link(text(k), folder=tmp_path / "100").from_cache


# -- memory ------------------------------------------------------------------------

# The whole way, a thousand times: each task has other numbers, hence another program.
MANY_COMPILATIONS = """
import gc
import resource
import sys
from pathlib import Path
from backsweep.engines.compiled import CompiledEngine
from backsweep.network import Network
from backsweep.procedure import Procedure
from tests.carrying import a_task, carried

engine = CompiledEngine(cache=Path(sys.argv[1]))

def peak_bytes():
    gc.collect()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak

def compile_some(first, last):
    for k in range(first, last):
        task = a_task(Network.layered(1, 1), [[k + 0.25], [k + 0.5]], [[0], [1]])
        carried(engine, task, Procedure(), range(3), [1])

compile_some(0, 50)
before = peak_bytes()
compile_some(50, 1050)
print(peak_bytes() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs the module resource")
def test_a_thousand_compilations_leave_nothing_behind(tmp_path):
    grown = told_by(python(MANY_COMPILATIONS, tmp_path))
    assert int(grown) < 50_000_000
    assert len(list(tmp_path.iterdir())) == link.KEPT  # they were all different
