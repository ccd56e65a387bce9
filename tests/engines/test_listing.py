"""A listing can be followed, and every name in it is true."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from backsweep.engines.compiled.frame import Cases
from backsweep.engines.compiled.interpret import interpret
from backsweep.engines.compiled.ir import Buffer, Builder, Op, Place, Program
from backsweep.engines.compiled.listing import a_sweep, listing
from backsweep.engines.compiled.lower import lower
from backsweep.engines.compiled.names import RowNames
from backsweep.equations import backward, forward
from backsweep.notation import parse
from backsweep.tasks import named as task
from tests.tolerances import tolerance

OUT = Buffer("out", "lanes", 4, written=True)
PLACE = re.compile(r"(?:load|store v\d+,) (\w+)\[(\d+)\] +; (.*)$", re.MULTILINE)


def made(name, network=None, **changes):
    """Lower a task; give its program, and what it is listed as."""
    found = task(name)
    network = network or found.network
    cases = Cases(found.n_cases, found.inputs, found.desired)
    procedure = replace(found.procedure, **changes)
    program = lower(network, procedure, cases, "f64", written_out=False)
    return program, listing(program, RowNames(network, found.case_names))


def test_a_program_can_be_read():
    b = Builder()
    b.loop(2, [b.const(1.0)], lambda k, own: ([b.add(own[0], b.real(k))], None))
    text = listing(
        Program(precision="f32", buffers=(OUT,), instructions=b.instructions)
    )
    assert text.splitlines() == [
        "buffer out: 4 rows                            ; a number for each lane",
        "v1 = const 1.0",
        "loop 2 times, v2 counts from 0",
        "  v3 = v1, then v5",
        "  v4 = real v2",
        "  v5 = add v3, v4",
        "end, giving v6",
    ]


def test_parts_have_a_title_and_change_no_program():
    def write(b):
        with b.part("twice"), b.part("is inside, and silent"):
            x = b.add(b.const(2.0), b.const(2.0))
        b.neg(x)

    class Silent(Builder):
        def part(self, title):
            return super().part("")

    b, silent = Builder(), Silent()
    write(b)
    write(silent)
    assert b.instructions == silent.instructions
    program = Program(precision="f64", buffers=(), instructions=b.instructions)
    assert listing(program).splitlines() == [
        "; twice",
        "  v1 = const 2.0",
        "  v2 = add v1, v1",
        "v3 = neg v2",
    ]


def test_a_sum_is_listed_in_the_words_of_the_network():
    _, text = made("xor")
    lines = text.splitlines()
    assert any(
        line.endswith("; w[hidden 1 <- bias] + w[hidden 1 <- input 2]")
        for line in lines
    )
    assert any(
        line.endswith("+ alpha * change[output 1 <- hidden 2]")
        and "; new change[output 1 <- hidden 2] = -epsilon * v" in line
        for line in lines
    )
    titles = [line.strip() for line in lines if line.strip().startswith("; ")]
    assert len([one for one in titles if "logistic of" in one]) == 3 * 4
    assert "  go on while v" in text


@pytest.mark.parametrize("update", ["sweep", "case"])
def test_places_of_weights_are_those_of_the_network(update):
    network = parse(
        "input 3; left 2 <- input; right 3 tanh <- input;output 3 <- left, right, input"
    )
    _, text = made("encoder:3-2", network, update=update)
    numbers = np.arange(network.n_parameters)
    known = {}
    for link in network.links:
        for (j, i), p in np.ndenumerate(network.weights(numbers, link)):
            known[int(p)] = f"{link.target} {j + 1} <- {link.source} {i + 1}"
    for layer in network.layers[1:]:
        for j, p in enumerate(network.biases(numbers, layer.name)):
            known[int(p)] = f"{layer.name} {j + 1} <- bias"
    words = {"w": "w", "v": "change", "gradient": "dE/dw"}
    seen = set()
    for buffer, row, said in PLACE.findall(text):
        if buffer in words:
            assert said == f"{words[buffer]}[{known[int(row)]}]"
            seen.add(int(row))
    assert len(seen) > 5


def test_names_with_a_loop_are_those_of_every_turn():
    """Unroll each index: a place is called what it is called when written out."""
    network = task("encoder:8-3").network
    names = RowNames(network)
    program, _ = made("encoder:8-3")
    wandering = [
        (one.place, counts)
        for one, counts in with_counts(program.instructions, {})
        if one.place is not None and one.place.buffer == "w" and one.place.terms
    ]
    assert wandering
    for place, counts in wandering:
        said = names(place, counts) or ""
        for turns in np.ndindex(*(counts[value.number] for _, value in place.terms)):
            steps = [
                stride * turn
                for (stride, _), turn in zip(place.terms, turns, strict=True)
            ]
            written_out = place._replace(offset=place.offset + sum(steps), terms=())
            if "number" not in said:
                assert resolved(said, place, turns) == names(written_out, {})


def with_counts(instructions, counts):
    for one in instructions:
        yield one, counts
        if one.body is not None:
            inner = counts | {one.body.index.number: one.count}
            yield from with_counts(one.body.instructions, inner)


def resolved(said, place, turns):
    """Put numbers for the indices, and add up."""
    for (_, value), turn in zip(place.terms, turns, strict=True):
        said = re.sub(rf"\bv{value.number}\b", f"times {turn}", said)
    said = re.sub(r"(\d+) times (\d+)", lambda m: str(int(m[1]) * int(m[2])), said)
    said = said.replace("times ", "")
    return re.sub(r"\d+( \+ \d+)+", lambda m: str(added(m[0])), said)


def added(text):
    return sum(int(number) for number in text.split(" + "))


def test_names_of_outputs_and_blame_are_true():
    """What stands under a name after a sweep is what the equations give for it."""
    found = task("encoder:8-3")
    network = found.network
    program, _ = made("encoder:8-3", until="end")
    kept = {"y", "dE_dx"}
    buffers = tuple(
        one._replace(kind="lanes", written=True) if one.name in kept else one
        for one in program.buffers
    )
    program = replace(program, buffers=buffers)
    w = np.random.default_rng(5).uniform(-1, 1, network.n_parameters)
    arena = {
        one.name: np.zeros((1, one.rows, 1)) for one in buffers if one.kind == "lanes"
    }
    arena["w"][0, :, 0] = w
    arena["marks"][0, :2] = 1
    arena["settings"][0, :3, 0] = 0.1, 0.0, 1.0
    arena |= {"inputs": found.inputs.reshape(-1), "desired": found.desired.reshape(-1)}
    arena["errors"] = np.zeros((1, 1))
    interpret(program, arena, 1, n_sweeps=1)
    passed = forward(network, w, found.inputs)
    signals = backward(network, w, passed, found.desired)
    names = RowNames(network)
    checked = 0
    for buffer, true in (("y", passed.y), ("dE_dx", signals.dE_dx)):
        for row in range(arena[buffer].shape[1]):
            said = names(Place(buffer, row), {})
            parts = re.fullmatch(r"(.+)\[(\w+) (\d+), case (\d+)\]", said or "")
            assert parts is not None
            what, layer, unit, case = parts.groups()
            assert what == {"y": "y", "dE_dx": "dE/dx"}[buffer]
            if layer == "input" or int(case) > 4:  # eight cases are two times four
                continue
            expected = true[layer][4 + int(case) - 1, int(unit) - 1]  # the last four
            np.testing.assert_allclose(
                arena[buffer][0, row, 0], expected, **tolerance("float64", "gradient")
            )
            checked += 1
    assert checked == 2 * 4 * (3 + 8)


def test_the_operations_of_a_sweep_are_counted_with_their_loops():
    b = Builder()

    def sweep(k, own):
        inner = b.loop(3, own, lambda _, one: ([b.add(one[0], one[0])], None))
        return [b.mul(inner[0], inner[0])], None

    start = b.neg(b.const(1.0))
    b.loop("n_sweeps", [start], sweep)
    program = Program(precision="f64", buffers=(), instructions=b.instructions)
    assert a_sweep(program) == {Op.ADD: 3, Op.MUL: 1}


def test_the_step_size_of_a_layer_has_its_name():
    found = task("xor")
    procedure = replace(found.procedure, rates={"hidden": 2.0})
    cases = Cases(found.n_cases, found.inputs, found.desired)
    program = lower(found.network, procedure, cases, "f64")
    text = listing(program, RowNames(found.network, (), procedure))
    assert "epsilon of hidden" in text
