"""What was compiled before is found by its description, and by no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

import backsweep
from backsweep.engines.compiled import CompiledEngine, engine, recall
from backsweep.engines.compiled.emit import emit
from backsweep.engines.compiled.frame import Cases
from backsweep.engines.compiled.lower import lower
from backsweep.network import Network
from backsweep.procedure import Criterion, Procedure, Spread, Stage, Start
from tests.carrying import assert_same_bits, carried


def test_what_was_compiled_is_found_without_being_lowered(tmp_path, monkeypatch):
    task = backsweep.task("symmetry")

    def learned(procedure, task=task, runs=range(40)):
        given = CompiledEngine("compiled", cache=tmp_path)
        return carried(given, task, procedure, runs, [30])

    first = learned(task.procedure)
    assert len(list(tmp_path.iterdir())) == 2  # an object, and a note

    def never(*_, **__):
        raise AssertionError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "lower", never)
        patch.setattr(engine, "lower_across", never)
        patch.setattr(engine, "emit", never)
        assert_same_bits(learned(task.procedure), first)
        # Numbers that come with each call ask for no other program.
        others = learned(replace(task.procedure, epsilon=0.3, sweeps=9))
        assert (others["parameters"] != first["parameters"]).any()
        for other in (
            replace(task.procedure, decay=0.1),
            replace(task.procedure, zone=0.1),
            replace(task.procedure, until="end"),
            replace(task.procedure, scale="mean"),
        ):
            with pytest.raises(AssertionError):
                learned(other)
        changed = replace(task, inputs=1 - task.inputs)
        with pytest.raises(AssertionError):
            learned(task.procedure, changed)
        with pytest.raises(AssertionError):
            learned(task.procedure, runs=range(1))  # laid out otherwise
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-1])
        assert_same_bits(learned(task.procedure), first)
    monkeypatch.setattr(recall, "_compiler", lambda: "another compiler")
    monkeypatch.setattr(engine, "lower", never)
    with pytest.raises(AssertionError):
        learned(task.procedure)


@pytest.mark.parametrize("settings", [
    {"epsilon": 0.7, "alpha": 0.2, "sweeps": 12, "start": Start(Spread(2.0))},
    {"decay": 0.01, "zone": 0.2, "criterion": Criterion("winner", share=0.5)},
    {"stages": (Stage(sweeps=3, epsilon=0.1, alpha=0.5, decay=0.1),)},
    {"epsilon": (0.1, 0.2), "decay": (0.0, 0.5), "zone": (0.1, 0.0)},
])  # fmt: skip
def test_a_program_is_made_from_the_plain_procedure(settings):
    """What a call brings along is in no program."""
    network, procedure = Network.layered(3, 2, 2), Procedure(**settings)
    programs = [
        emit(lower(network, one, Cases(4), "f64"), 2)
        for one in (procedure, recall.plain(procedure))
    ]
    assert programs[0] == programs[1]
