"""The same bits from other processors' instructions, and code for another machine."""

from __future__ import annotations

import functools
import platform
import re

import numpy as np
import pytest
from hypothesis import given, settings

import backsweep
from backsweep.engines.compiled import link
from backsweep.engines.compiled.elementary import (
    exp_of_negative,
    log,
    logistic,
    tanh,
)
from backsweep.engines.compiled.emit import emit
from backsweep.engines.compiled.frame import Cases, settings_rows
from backsweep.engines.compiled.interpret import DTYPES
from backsweep.engines.compiled.lower import lower
from backsweep.network import Layer, Link, Network
from backsweep.procedure import Criterion, Procedure
from tests.carrying import assert_same_bits
from tests.engines.machine import compiled, evaluated, memory
from tests.engines.programs import programs

# Eight lanes of AVX2, and SSE2 alone: there the C library multiplies and adds.
OTHERS = {
    "AVX2": link.Processor("x86-64-v3"),
    "SSE2": link.Processor("x86-64"),
}
ARM = link.Processor("generic", triple="aarch64-unknown-linux-gnu")

is_x86 = platform.machine().lower() in ("x86_64", "amd64")
each_processor = pytest.mark.parametrize(
    "processor",
    [
        pytest.param(
            processor,
            id=name,
            marks=pytest.mark.skipif(
                not is_x86 or (name == "AVX2" and link.host_bits() < 256),
                reason=f"this processor does not do {name}",
            ),
        )
        for name, processor in OTHERS.items()
    ],
)
each_precision = pytest.mark.parametrize("precision", ["f32", "f64"])

SOFTMAX = Network(
    (
        Layer("in", 3),
        Layer("hidden", 4, "tanh"),
        Layer("out", 3, "softmax"),
        Layer("other", 2, "relu"),
    ),
    (Link("in", "hidden"), Link("hidden", "out"), Link("in", "other")),
)
# Written out, in loops, and with all that is not in the letter.
LEARNING = {
    "xor": (Network.layered(2, 2, 1), Procedure(epsilon=0.5), 4),
    "loops": (Network.layered(6, 5, 7), Procedure(epsilon=0.1, zone=0.1), 20),
    "softmax": (
        SOFTMAX,
        Procedure(update=2, criterion=Criterion("winner", share=0.5), until="end"),
        5,
    ),
}


@functools.cache
def program_of(name, precision):
    network, procedure, n_cases = LEARNING[name]
    generator = np.random.default_rng(4)
    inputs = generator.uniform(-1, 1, (n_cases, network.n_in))
    desired = generator.uniform(0, 1, (n_cases, network.n_out)).round()
    cases = Cases(n_cases, inputs, desired)
    return lower(network, procedure, cases, precision), cases


def learned(name, precision, processor):
    """Carry ten sweeps of two blocks out."""
    program, cases = program_of(name, precision)
    given = memory(program, 8, 2, 10)
    given["inputs"][:] = cases.inputs.ravel()
    given["desired"][:] = cases.desired.ravel()
    given["w"][...] = np.random.default_rng(2).normal(size=given["w"].shape)
    given["marks"][:, :2] = 1
    settings_ = {"epsilon": 0.5, "alpha": 0.9, "keep": 0.99, "zone": 0.1}
    for row, setting in enumerate(settings_rows(Procedure())):
        given["settings"][:, row] = settings_.get(setting, 0.01)
    compiled(program, 8, processor)(given, n_blocks=2, n_sweeps=10)
    assert np.isfinite(given["w"]).all()
    return given


@pytest.mark.slow
@each_processor
@each_precision
@pytest.mark.parametrize("name", LEARNING)
def test_networks_learn_the_same_bits(name, precision, processor):
    native = learned(name, precision, None)
    assert_same_bits(learned(name, precision, processor), native)


@pytest.mark.slow
@each_processor
@each_precision
@pytest.mark.parametrize(
    "function", [exp_of_negative, logistic, tanh, log], ids=lambda one: one.__name__
)
def test_functions_give_the_same_bits(function, precision, processor):
    x = np.concatenate([-np.geomspace(1e-40, 1e5, 20_001), [-np.inf, np.nan, -0.0]])
    if function is not exp_of_negative:
        x = np.concatenate([x, -x])
    if function is log:
        x = np.abs(x)[np.abs(x) > 1e-30]
    x = x.astype(DTYPES[precision])
    native, other = (
        evaluated(function, x, precision, one) for one in (None, processor)
    )
    assert_same_bits({"y": other}, {"y": native})


@pytest.mark.slow
@each_processor
@settings(max_examples=30)
@given(program=programs())
def test_random_programs_give_the_same_bits(program, processor):
    lanes = program.lanes or 4
    native, other = (memory(program, lanes, 2, 2, special=True) for _ in range(2))
    compiled(program, lanes)(native, n_blocks=2, n_sweeps=2)
    compiled(program, lanes, processor)(other, n_blocks=2, n_sweeps=2)
    assert_same_bits(other, native)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("precision", "fused"), [("f32", r"fmla\s+v\d+\.4s"), ("f64", r"fmla\s+v\d+\.2d")]
)
def test_code_for_arm_multiplies_and_adds_at_once(precision, fused):
    """Never run here: it is whole, in NEON's instructions, and calls nobody."""
    task = backsweep.task("xor")
    cases = Cases(4, task.inputs, task.desired)
    text = emit(lower(task.network, task.procedure, cases, precision), 4)
    code = link.object_code(text, ARM)
    assert code[:4] == b"\x7fELF"
    assert int.from_bytes(code[18:20], "little") == 183  # AArch64, by the ELF standard
    lines = link.assembly(text, ARM).splitlines()
    assert sum(bool(re.search(fused, line)) for line in lines) > 50
    assert not [line for line in lines if re.match(r"\s+bl\s", line)]
