"""The family trees' numbers: a run at many sweeps, its answers, signals and lesions.

Learning is `learn`, activities and signals are `equations.forward` and `backward`
over all recorded sweeps at once, what units carry and what they are good for are
`analysis`. Nothing is computed here but which of them is asked.
"""

from __future__ import annotations

import math
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from backsweep import tasks
from backsweep.analysis import correlations, silenced
from backsweep.claims.families import ATTRIBUTES, CARRIES
from backsweep.equations import backward, cases_right, forward, output_error
from backsweep.lab.budget import check_work
from backsweep.lab.messages import (
    Asked,
    Families,
    FamilyAnswers,
    FamilyFile,
    FamilyQuestion,
    FamilySettings,
    FamilySignals,
    FamilyStarts,
    FamilySteps,
    FamilyTally,
    LesionSettings,
    Outcome,
    Progress,
    Relative,
    StageOf,
)
from backsweep.lab.networks import before, blocks_of, layers_of, over_units, steps_of
from backsweep.lab.packing import levels, packed
from backsweep.lab.single import Answer, in_one_file
from backsweep.runs import Runs, learn
from backsweep.tasks import families as trees

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backsweep.lab.messages import RecipeName
    from backsweep.procedure import Procedure
    from backsweep.tasks import Task

__all__ = [
    "answers",
    "history",
    "learn_starts",
    "recorded",
    "signals",
    "single_file",
    "steps",
]

Floats: TypeAlias = NDArray[np.float64]

ENGINE: Final = "compiled"
CODE: Final = "person code"
AT_ONCE: Final = 10  # runs of long work between two reports


class Recipe(NamedTuple):
    """A recipe by the name of the task, and how often a run of it is recorded."""

    task: str
    every: int


RECIPES: Final[Mapping[RecipeName, Recipe]] = {
    "learns": Recipe("families", 10),
    "longer": Recipe("families:long", 40),
    "printed": Recipe("families:printed", 5),
}
# What people are. The letter's network ignores their sex, which the relation tells.
PROBED: Final = ATTRIBUTES | {
    "sex": [float(one.sex == "female") for one in trees.PEOPLE.values()]
}


def task_of(settings: FamilySettings) -> Task:
    """Give the task with the recipe that the page's settings name."""
    return tasks.named(RECIPES[settings.recipe].task)


def recorded(settings: FamilySettings) -> tuple[int, ...]:
    """Give the sweeps at which a run is looked at, from 0 to the last."""
    last = task_of(settings).procedure.sweeps
    return tuple(range(0, last + 1, RECIPES[settings.recipe].every))


def as_python(settings: FamilySettings) -> str:
    """Write the calls that give the same run, its answers and a lesion."""
    run = settings.run
    return (
        "import backsweep as b\n"
        "from backsweep.analysis import silenced\n\n"
        f'runs = b.learn(task="{RECIPES[settings.recipe].task}", '
        f"seed={settings.seed}, runs=range({run}, {run + 1}))\n"
        "runs.right, runs.held_out_right, runs.history.held_out\n"
        f'runs.activities({run}, "Colin has-aunt").y["output"]\n'
        f'runs.weights({run}, "{CODE}")\n'
        f'silenced(runs.network, runs.parameters_of({run}), "{CODE}", [0])'
    )


def _check(task: Task, *, runs: int) -> None:
    check_work(
        cases=task.n_cases,
        sweeps=task.procedure.sweeps,
        parameters=task.network.n_parameters,
        runs=runs,
    )


@lru_cache(maxsize=16)
def _learned(settings: FamilySettings) -> Runs:
    """Let one run learn; the runs that pages look at last are kept."""
    task = task_of(settings)
    _check(task, runs=1)
    return learn(
        task=task,
        runs=range(settings.run, settings.run + 1),
        seed=settings.seed,
        engine=ENGINE,
        snapshots=recorded(settings),
        every=task.procedure.sweeps,
        threads=1,
    )


def _run(settings: FamilySettings) -> Runs:
    """Give the run alone, whatever else was asked about it."""
    return _learned(
        FamilySettings(recipe=settings.recipe, seed=settings.seed, run=settings.run)
    )


def _parameters(settings: LesionSettings) -> Floats:
    """Give the parameters at every recorded sweep, with the lesion."""
    runs = _run(settings)
    lost = [int(unit) for unit in settings.silent]
    return silenced(runs.network, runs.history.snapshots[0], CODE, lost)


def history(settings: FamilySettings) -> bytes:
    """Let one run learn, and give all but its answers: `messages.Families`."""
    runs = _run(settings)
    task, network = runs.task, runs.network
    parameters = runs.history.snapshots[0]
    apart = [int(case) for case in runs.history.held_out[0]]
    told = [case for case in range(task.n_cases) if case not in apart]
    passed = forward(network, parameters, task.inputs[told])
    error = output_error(network, passed, task.desired[told])
    weights = network.weights(parameters, network.incoming(CODE)[0])
    return packed(
        partial(
            Families,
            settings=settings,
            people=tuple(
                Relative(
                    name=one.name,
                    sex=one.sex,
                    nationality=one.nationality,
                    generation=one.generation,
                    branch=one.branch,
                    parents=one.parents,
                )
                for one in trees.PEOPLE.values()
            ),
            relations=tuple(trees.RELATIONS),
            couples=tuple(trees.COUPLES[side] for side in trees.NATIONALITIES),
            columns=tuple(trees.FIGURE_4_ORDER[side] for side in trees.NATIONALITIES),
            questions=tuple(
                Asked(person=one.person, relation=one.relation, answers=one.answers)
                for one in trees.questions()
            ),
            held_out=tuple(apart),
            layers=layers_of(network),
            blocks=blocks_of(network),
            sweeps=recorded(settings),
            stages=_stages(runs.procedure),
            zone=_number(runs.procedure.zone),
            attributes=tuple(PROBED),
            carries=CARRIES,
            outcome=cast(Outcome, str(runs.outcomes[0])),
            python=as_python(settings),
        ),
        {
            "error": (2 * error / len(told)).astype(np.float32),
            "weights": parameters.astype(np.float32),
            "correlations": np.stack(
                [correlations(weights, values) for values in PROBED.values()], axis=1
            ).astype(np.float32),
        },
    )


def _number(value: object) -> float:
    """Read a setting that the recipes hold as one number for all runs."""
    return float(cast(float, value))


def _stages(procedure: Procedure) -> tuple[StageOf, ...]:
    found: list[StageOf] = []
    for stage in procedure.changes:
        first = found[-1].last + 1 if found else 1
        # The last stage's sweeps are the procedure's: where it ends, not how long.
        is_last = len(found) == len(procedure.stages)
        found.append(
            StageOf(
                first=first,
                last=procedure.sweeps if is_last else first + stage.sweeps - 1,
                epsilon=_number(stage.epsilon),
                alpha=_number(stage.alpha),
                decay=_number(stage.decay),
            )
        )
    return tuple(found)


def answers(settings: LesionSettings) -> bytes:
    """Ask the run every question at every sweep: `messages.FamilyAnswers`."""
    runs = _run(settings)
    task, criterion = runs.task, runs.procedure.criterion
    passed = forward(runs.network, _parameters(settings), task.inputs)
    right = cases_right(passed.y["output"], task.desired, "within", criterion.value)
    return packed(
        partial(FamilyAnswers, settings=settings),
        {
            "y": levels(over_units(runs.network, passed.y)),
            "right": right.astype(np.uint16),
        },
    )


def signals(settings: FamilyQuestion) -> bytes:
    """Pass one question forward and backward: `messages.FamilySignals`."""
    runs = _run(settings)
    case = slice(settings.question, settings.question + 1)
    parameters = _parameters(settings)
    passed = forward(runs.network, parameters, runs.task.inputs[case])
    blame = backward(
        runs.network,
        parameters,
        passed,
        runs.task.desired[case],
        zone=_number(runs.procedure.zone),
    )
    found = {
        "x": over_units(runs.network, passed.x)[:, 0],
        "y": over_units(runs.network, passed.y)[:, 0],
        "dE_dy": over_units(runs.network, blame.dE_dy)[:, 0],
        "dE_dx": over_units(runs.network, blame.dE_dx)[:, 0],
        "dE_dw": blame.dE_dw,
    }
    return packed(
        partial(FamilySignals, settings=settings),
        {name: values.astype(np.float32) for name, values in found.items()},
    )


@lru_cache(maxsize=4)
def steps(settings: FamilySettings) -> bytes:
    """Tell what made the last change of each weight: `messages.FamilySteps`."""
    task, network = task_of(settings), task_of(settings).network
    sweeps = recorded(settings)
    alone = range(settings.run, settings.run + 1)
    _check(task, runs=1)
    runs = learn(
        task=task,
        runs=alone,
        seed=settings.seed,
        engine=ENGINE,
        snapshots=before(sweeps),
        every=task.procedure.sweeps,
        threads=1,
    )
    told = np.delete(np.arange(task.n_cases), runs.history.held_out[0])
    inputs, desired = task.inputs[told], task.desired[told]
    zone = _number(runs.procedure.zone)

    def slope(parameters: Floats) -> Floats:
        passed = forward(network, parameters, inputs)
        blame = backward(network, parameters, passed, desired, zone=zone)
        return cast(Floats, blame.dE_dw)

    stages = _stages(runs.procedure)

    def decay(sweep: int) -> float:
        return next(stage.decay for stage in stages if sweep <= stage.last)

    found = steps_of(runs.history.snapshots[0], sweeps, slope, decay)
    return packed(
        partial(FamilySteps, settings=settings),
        {name: values.astype(np.float32) for name, values in found.items()},
    )


def learn_starts(work: FamilyStarts, identifier: str) -> Iterator[Progress]:
    """Let other starts learn, some at a time, with a report after each lot.

    Yields
    ------
    Progress
        With what is known by now; the last one is the result.
    """
    task = task_of(work.settings)
    _check(task, runs=work.runs)
    right: list[int] = []
    held_out: list[int] = []
    end = work.first + work.runs
    for first in range(work.first, end, AT_ONCE):
        runs = learn(
            task=task,
            runs=range(first, min(first + AT_ONCE, end)),
            seed=work.settings.seed,
            engine=ENGINE,
            every=task.procedure.sweeps,
            threads=1,
        )
        right += runs.right.tolist()
        held_out += runs.held_out_right.tolist()
        mean = float(np.mean(held_out))
        spread = float(np.std(held_out, ddof=1)) if len(held_out) > 1 else 0.0
        half = 1.96 * spread / math.sqrt(len(held_out))
        yield Progress(
            id=identifier,
            done=len(right),
            total=work.runs,
            so_far=FamilyTally(
                first=work.first,
                runs=len(right),
                right=tuple(right),
                held_out_right=tuple(held_out),
                mean=mean,
                low=mean - half,
                high=mean + half,
            ),
        )


def single_file(wanted: FamilyFile) -> bytes:
    """Write the page with this run, whole and with its lesion, as one HTML file."""
    run = FamilySettings(**wanted.model_dump(include={*FamilySettings.model_fields}))
    settings = run.model_dump()
    parts: list[Answer] = [
        ("api/families", settings, history(run)),
        ("api/families/steps", settings, steps(run)),
    ]
    for silent in dict.fromkeys(("", wanted.silent)):
        lesion = LesionSettings(**settings, silent=silent)
        asked = FamilyQuestion(**lesion.model_dump(), question=wanted.question)
        parts += [
            ("api/families/answers", lesion.model_dump(), answers(lesion)),
            ("api/families/signals", asked.model_dump(), signals(asked)),
        ]
    return in_one_file(wanted.state, parts).encode()
