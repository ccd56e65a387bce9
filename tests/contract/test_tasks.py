"""What every built-in task promises, and how `task` reads their names."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from backsweep.activations import ACTIVATIONS
from backsweep.engines import ENGINES
from backsweep.errors import SettingError, UnknownNameError
from backsweep.tasks import TASKS, named as task
from backsweep.tasks.boolean import FUNCTIONS

SOURCE = Path(__file__).parents[2] / "src"

# Every entry as it is without a parameter, and others at the edges of their range.
NAMES = [
    *TASKS,
    *("parity:2", "parity:3", "parity:8", "encoder:2-1", "encoder:4-2", "encoder:5-7"),
    *("symmetry:2", "symmetry:5", "symmetry:8", "families:printed", "trainability:3"),
]

every_task = pytest.mark.parametrize("name", NAMES)


@every_task
def test_cases_have_names_and_are_distinct(name):
    made = task(name)
    assert len(np.unique(made.inputs, axis=0)) == made.n_cases == len(made.desired)
    assert len({*made.case_names}) == made.n_cases


@every_task
def test_desired_outputs_can_be_reached(name):
    made = task(name)
    first = 0
    for layer in made.network.outputs:
        low, high = ACTIVATIONS[layer.activation].range
        desired = made.desired[:, first : first + layer.size]
        first += layer.size
        assert low <= desired.min() <= desired.max() <= high
    assert first == made.desired.shape[1]


@every_task
def test_no_output_unit_is_desired_the_same_always(name):
    assert (np.ptp(task(name).desired, axis=0) >= 1).all()


@every_task
def test_network_and_recipe_fit(name):
    made = task(name)
    made.check_network(made.network)
    assert made.procedure.misfits(made.network) == ()
    assert not [*made.procedure.per_run()]


@every_task
def test_recipe_is_carried_out(name):
    made = task(name)
    engine = ENGINES["plain"]
    assert engine.supports(made.network, made.procedure)
    program = engine.prepare(made.network, made, made.procedure)
    progress = program.advance(program.start(1, range(2)), 3)
    assert np.isfinite(progress.errors).all()
    assert not progress.diverged_at.any()


@every_task
def test_name_gives_the_same_task_again(name):
    made = task(name)
    again = task(made.name)
    assert again.name == made.name
    np.testing.assert_array_equal(again.inputs, made.inputs)
    np.testing.assert_array_equal(again.desired, made.desired)


@pytest.mark.parametrize("name", TASKS)
def test_entry_says_what_it_is(name):
    entry, made = TASKS[name], task(name)
    assert entry.name == name == made.name.partition(":")[0]
    assert entry.pattern.startswith(name)
    assert made.about == entry.about
    assert made.source == entry.source
    assert entry.about.endswith((".", "?"))
    assert re.search(r"\((19|20)\d\d\)", entry.source)
    assert "cases" in entry.size


@pytest.mark.parametrize("name", [*FUNCTIONS, "families"])
def test_a_written_size_is_the_tasks(name):
    made = task(name)
    assert f"{made.n_cases} cases" in TASKS[name].size
    inputs = "+".join(str(layer.size) for layer in made.network.inputs)
    assert TASKS[name].size.startswith(f"{inputs}-")


def test_blanks_and_capitals_do_not_matter():
    assert task(" XOR ").name == "xor"
    assert task("Symmetry:8").name == "symmetry:8"
    assert task("symmetry:6").name == task("symmetry").name == "symmetry"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("symetry", "symmetry"),
        ("symetry:8", "symmetry"),
        ("xro", "xor"),
        ("family", "families"),
        ("families:print", "families:printed"),
    ],
)
def test_unknown_name_gets_the_nearest(name, nearest):
    with pytest.raises(UnknownNameError, match=f"did you mean '{nearest}'"):
        task(name)


@pytest.mark.parametrize("name", ["", ":", "table.csv", "families:other", "6-2-1"])
def test_unknown_name_is_refused(name):
    with pytest.raises(UnknownNameError, match="there is no task"):
        task(name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("parity:x", "with a whole number, got 'parity:x'"),
        ("parity:-4", "with a whole number"),
        ("parity:4.0", "with a whole number"),
        ("parity:4-4", "with a whole number"),
        ("parity:\N{ARABIC-INDIC DIGIT FOUR}", "with a whole number"),
        ("parity:" + 9999 * "9", "with a whole number"),
        ("parity:0", "from 2 to 16 inputs, got 0"),
        ("parity:1", "from 2 to 16 inputs, got 1"),
        ("parity:30", "from 2 to 16 inputs, got 30"),
        ("parity:999999999", "65,536 for 16 inputs"),
        ("parity:", "behind the colon"),
        ("symmetry:1", "from 2 to 16 inputs, got 1"),
        ("symmetry:17", "2\\^N cases"),
        ("symmetry:six", "for instance 'symmetry:8'"),
        ("encoder:8", "with 2 whole numbers, got 'encoder:8'"),
        ("encoder:8-3-8", "for instance 'encoder:8-3'"),
        ("encoder:8-", "with 2 whole numbers"),
        ("encoder:1-1", "from 2 to 1,024 input units, got 1"),
        ("encoder:8-0", "from 1 to 1,024 hidden units, got 0"),
        ("encoder:99999-3", "got 99999"),
        ("xor:3", "without a parameter, got 'xor:3'"),
    ],
)
def test_bad_parameter_is_refused(name, said):
    with pytest.raises(SettingError, match=said) as refused:
        task(name)
    assert refused.value.hint


def test_tasks_load_no_library_for_tables():
    code = (
        "import sys, backsweep.tasks;"
        "print(sorted({'pandas', 'pyarrow', 'scipy'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=SOURCE,
        text=True,
    )
    assert done.stdout.strip() == "[]"
