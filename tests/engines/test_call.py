"""Wrong input never reaches machine code: each check of the call, tried."""

from __future__ import annotations

import ctypes
import re

import numpy as np
import pytest

import backsweep
from backsweep.engines.compiled import call, link
from backsweep.engines.compiled.frame import Cases
from backsweep.engines.compiled.interpret import DTYPES
from backsweep.engines.compiled.lower import lower
from backsweep.errors import ShapeError
from tests.engines.machine import compiled, shapes

LANES, BLOCKS, SWEEPS = 4, 2, 3


def a_program(precision="f64"):
    task = backsweep.task("xor")
    cases = Cases(4, task.inputs, task.desired)
    return lower(task.network, task.procedure, cases, precision)


PROGRAM = a_program()


def right(program=PROGRAM, lanes=LANES, n_blocks=BLOCKS, n_sweeps=SWEEPS):
    """Give arrays that are right for a program."""
    return {
        name: call.aligned(shape, DTYPES[program.precision])
        for name, shape in shapes(program, lanes, n_blocks, n_sweeps).items()
    }


def refused(given, n_blocks=BLOCKS, n_sweeps=SWEEPS, errors=ShapeError):
    """Give the words of a refusal.

    In the place of machine code stands what only counts how often it is entered.
    """
    entered: list[None] = []
    pointers = [ctypes.c_void_p] * len(PROGRAM.buffers)
    kind = ctypes.CFUNCTYPE(None, *pointers, ctypes.c_int64, ctypes.c_int64)
    code = kind(lambda *_: entered.append(None))
    address = ctypes.cast(code, ctypes.c_void_p).value or 0
    kernel = call.Kernel(PROGRAM, LANES, link.Linked(address, code, from_cache=False))
    kernel(right(), n_blocks=BLOCKS, n_sweeps=SWEEPS)
    assert len(entered) == 1
    with pytest.raises(errors) as refusal:
        kernel(given, n_blocks=n_blocks, n_sweeps=n_sweeps)
    assert len(entered) == 1
    return str(refusal.value)


@pytest.mark.parametrize("precision", ["f32", "f64"])
@pytest.mark.parametrize("lanes", [1, 4, 16])
def test_what_is_right_is_let_through(precision, lanes):
    program = a_program(precision)
    given = right(program, lanes)
    compiled(program, lanes)(given, n_blocks=BLOCKS, n_sweeps=SWEEPS)
    assert np.isfinite(given["w"]).all()


def frozen(array):
    array.flags.writeable = False
    return array


def moved(array):
    room = call.aligned((array.size + 1,), np.float64)
    return room[1:].reshape(array.shape)


def with_one(number):
    def spoil(array):
        array[-1] = number
        return array

    return spoil


def masked(array):
    """Hide an infinite number: the mask is not what machine code would read."""
    array[0] = np.inf
    hidden = np.zeros(array.shape, bool)
    hidden[0] = True
    return np.ma.MaskedArray(array, hidden)


def of(dtype):
    return lambda array: array.astype(dtype)


WRONG = {
    "missing": ("w", lambda _: None, "`w` must be a plain array, got None."),
    "a list": ("w", lambda a: a.tolist(), "`w` must be a plain array, got [[["),
    "a number": ("w", lambda _: 1.0, "`w` must be a plain array, got 1.0."),
    "an address": ("w", lambda a: a.ctypes.data, "`w` must be a plain array, got "),
    "a view of memory": ("w", memoryview, "`w` must be a plain array, got <memory"),
    "masked": ("inputs", masked, "`inputs` must be a plain array, got masked_array"),
    "a subclass": ("w", lambda a: a.view(np.recarray), "`w` must be a plain array"),
    "of f32": ("w", of("f4"), "`w` must be float64 of shape (2, 9, 4), got float32"),
    "of whole numbers": ("w", of("i8"), "got int64 of shape (2, 9, 4)."),
    "complex": ("w", of("c16"), "got complex128 of shape (2, 9, 4)."),
    "of objects": ("w", of("O"), "got object of shape (2, 9, 4)."),
    "the other end first": (
        "w", lambda a: a.astype(a.dtype.newbyteorder("S")), "of shape (2, 9, 4), got ",
    ),
    "a block too few": ("w", lambda a: a[:1], "got float64 of shape (1, 9, 4)."),
    "a row too few": ("w", lambda a: a[:, 1:], "got float64 of shape (2, 8, 4)."),
    "a lane too few": ("w", lambda a: a[..., 1:], "got float64 of shape (2, 9, 3)."),
    "flat": ("w", lambda a: a.reshape(-1), "got float64 of shape (72,)."),
    "empty": ("w", lambda _: np.empty(0), "got float64 of shape (0,)."),
    "a sweep too few": ("errors", lambda a: a[1:], "shape (3, 8), got float64 of"),
    "a case too few": ("inputs", lambda a: a[2:], "shape (8,), got float64 of shape"),
    "in pieces": (
        "w", lambda a: np.repeat(a, 2, axis=2)[:, :, ::2], "`w` must lie in one piece",
    ),
    "the other way round": (
        "w", np.asfortranarray, "`w` must lie in one piece",
    ),
    "backwards": ("w", lambda a: a[::-1], "`w` must lie in one piece"),
    "one for all": (
        "w", lambda a: np.broadcast_to(a[:1], a.shape), "`w` must lie in one piece",
    ),
    "not aligned": ("v", moved, "from 8 bytes behind one."),
    "weights not writable": ("w", frozen, "`w` must be writable, got"),
    "marks not writable": ("marks", frozen, "`marks` must be writable, got"),
    "a log not writable": ("errors", frozen, "`errors` must be writable, got"),
    "infinite": ("inputs", with_one(np.inf), "`inputs` must be finite, got"),
    "no number": ("desired", with_one(np.nan), "`desired` must be finite, got"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "spoil", "said"), WRONG.values(), ids=WRONG)
def test_wrong_arrays_never_reach_machine_code(name, spoil, said):
    given = right()
    given[name] = spoil(given[name])
    assert re.search(re.escape(said), refused(given))


@pytest.mark.parametrize("name", right())
def test_every_array_is_looked_at(name):
    given = right()
    given[name] = given[name].astype(np.float32)
    assert f"`{name}` must be float64" in refused(given)
    del given[name]
    assert f"`{name}` must be a plain array, got None" in refused(given)


@pytest.mark.parametrize("shift", [0, 8, 64])
def test_arrays_that_overlap_never_reach_machine_code(shift):
    """Wholly, by all but a row, or by all but a few."""
    given = right()
    size = given["w"].size
    room = call.aligned((size + shift,), np.float64)
    given["w"] = room[:size].reshape(given["w"].shape)
    given["v"] = room[shift:][:size].reshape(given["v"].shape)
    assert re.match("`[vw]` and `[vw]` must not overlap", refused(given))


def test_arrays_side_by_side_are_let_through():
    given = right()
    size, shape = given["w"].size, given["w"].shape
    room = call.aligned((2 * size,), np.float64)
    given["w"], given["v"] = room[:size].reshape(shape), room[size:].reshape(shape)
    compiled(PROGRAM, LANES)(given, n_blocks=BLOCKS, n_sweeps=SWEEPS)


@pytest.mark.parametrize("sizes", [(-1, 3), (2, -3), (-(2**63), 0)])
def test_negative_sizes_never_reach_machine_code(sizes):
    assert "must not be negative, got" in refused(right(), *sizes)


@pytest.mark.parametrize("sizes", [(3, 3), (2, 4), (2**62, 3), (2, 2**62)])
def test_larger_sizes_than_the_arrays_never_reach_machine_code(sizes):
    assert "must be float64 of shape" in refused(right(), *sizes)


@pytest.mark.parametrize("sizes", [(2.0, 3), (2, 3.0), ("2", 3), (None, 3)])
def test_sizes_that_are_no_whole_numbers_never_reach_machine_code(sizes):
    """Python or ctypes says so: nobody but the engine gives sizes."""
    n_blocks, n_sweeps = sizes
    assert refused(right(), n_blocks, n_sweeps, (TypeError, ctypes.ArgumentError))


@pytest.mark.parametrize(("n_blocks", "n_sweeps"), [(0, 3), (2, 0), (0, 0)])
def test_nothing_is_done_where_there_is_nothing(n_blocks, n_sweeps):
    """Loops test their bound before the first load."""
    given = right(n_blocks=n_blocks, n_sweeps=n_sweeps)
    given["w"][...] = 0.25
    compiled(PROGRAM, LANES)(given, n_blocks=n_blocks, n_sweeps=n_sweeps)
    assert (given["w"] == 0.25).all()
