"""The training curve's numbers: a whole run, its signals, and a thousand other starts.

Learning is `learn`, activities and signals are `equations.forward` and `backward`,
over all sweeps at once. Nothing is computed here but which of them is asked.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from backsweep import tasks
from backsweep.analysis import landmarks, separation
from backsweep.equations import forward
from backsweep.errors import SettingError
from backsweep.lab.budget import check_work
from backsweep.lab.messages import (
    SWEEPS,
    TASKS,
    Curve,
    CurveAsked,
    CurveErrors,
    CurveFile,
    CurvesAsked,
    CurveSettings,
    Marks,
    MoreStarts,
    Others,
    Outcome,
    Progress,
    Tally,
)
from backsweep.lab.networks import blocks_of, layers_of, signals_of
from backsweep.lab.packing import levels, packed
from backsweep.lab.single import Answer, in_one_file
from backsweep.network import Network
from backsweep.procedure import Procedure, Spread, Start
from backsweep.runs import Runs, learn
from backsweep.runs.summary import share_interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backsweep.equations import Passed
    from backsweep.lab.messages import TaskName, WeightSet

__all__ = [
    "count_more",
    "errors",
    "history",
    "others",
    "prepare",
    "single_file",
    "warm_up",
]

Floats: TypeAlias = NDArray[np.float64]

ENGINE: Final = "compiled"
OTHERS: Final = 1000
LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
KEPT: Final = 8  # every so-manieth error of each of the others is sent
SIDES: Final = {2: 17, 3: 13}  # points along a side of the plane, by input units
PATIENCE: Final = 20_000  # sweeps that tell a slow run from one that is stuck
AT_ONCE: Final = 5_000  # runs of long work between two reports
BINS: Final = tuple(range(0, SWEEPS + 1, 20))

about: Final = cache(tasks.named)


@cache
def is_separable(name: TaskName) -> bool:
    """Tell whether one unit alone could do the task."""
    task = about(name)
    return separation(task.inputs, task.desired).separable


def warm_up() -> None:
    """Load and prepare what the first request would wait for."""
    for name in TASKS:
        is_separable(name)
    history(CurveAsked())
    others(CurveSettings())


def prepare(settings: CurveSettings) -> None:
    """Have the machine code made for a shape, with hardly any learning."""
    for runs in (1, OTHERS):
        _learned(settings, range(runs), sweeps=1)


def network_of(settings: CurveSettings) -> Network:
    """Give the layered network with so many hidden units, or none."""
    n_in = about(settings.task).network.n_in
    return Network.layered(*(size for size in (n_in, settings.hidden, 1) if size))


def procedure_of(settings: CurveSettings) -> Procedure:
    """Give the procedure that the page's settings stand for."""
    spread = Spread(settings.start)
    return Procedure(
        epsilon=settings.epsilon,
        alpha=settings.alpha,
        update=settings.update,
        start=Start(spread, spread),
        sweeps=SWEEPS,
        until="end",
    )


def as_python(settings: CurveAsked) -> str:
    """Write the calls that give the same run."""
    shape = "-".join(str(layer.size) for layer in network_of(settings).layers)
    return (
        "import backsweep as b\n\n\n"
        "def learned(start, sweeps, snapshots=()):\n"
        "    procedure = b.Procedure(\n"
        f"        epsilon={settings.epsilon!r}, alpha={settings.alpha!r},"
        f' update="{settings.update}",\n'
        '        start=start, sweeps=sweeps, until="end",\n'
        "    )\n"
        "    return b.learn(\n"
        f'        task="{settings.task}", network="{shape}", procedure=procedure,\n'
        f"        seed={settings.seed}, runs=range({settings.run},"
        f" {settings.run + 1}),\n"
        f'        engine="{ENGINE}", snapshots=snapshots,\n'
        "    )\n\n\n"
        f"spread = b.Spread({settings.start!r})\n"
        "start = b.Start(spread, spread)\n"
        + "".join(_setting_in_python(settings))
        + "\n"
    )


def _setting_in_python(settings: CurveAsked) -> Iterator[str]:
    """Write what the last lines are: a run from the start, or from change to change."""
    begun = 0
    for sweep, changes in _in_order(settings.by_hand):
        yield f"runs = learned(start, {SWEEPS - begun}, snapshots=[{sweep - begun}])\n"
        yield "weights = runs.history.snapshots[0, 0].tolist()\n"
        for change in changes:
            yield f"weights[{change.parameter}] = {change.value!r}  # sweep {sweep}\n"
        yield "start = b.Start(given=weights)\n"
        begun = sweep
    if begun < SWEEPS:
        yield f"runs = learned(start, {SWEEPS - begun})"


def _in_order(
    by_hand: tuple[WeightSet, ...],
) -> Iterator[tuple[int, list[WeightSet]]]:
    """Give what is set sweep by sweep; of one sweep in the order of setting."""
    sweep_of = attrgetter("sweep")
    for sweep, changes in groupby(sorted(by_hand, key=sweep_of), key=sweep_of):
        yield sweep, list(changes)


class Course(NamedTuple):
    """A run from sweep to sweep, with all that was set by hand.

    Parameters
    ----------
    parameters, change : ndarray of shape (n_sweeps, n_parameters)
        Weights and biases, and how learning last changed them.
    outcome, learned_at, diverged_at
        Of the run from where something was last set.
    """

    parameters: Floats
    change: Floats
    outcome: Outcome
    learned_at: int
    diverged_at: int


def course(settings: CurveAsked) -> Course:
    """Let a run learn, from sweep to sweep at which something is set by hand.

    Raises
    ------
    SettingError
        If there is no such weight, or no number left to learn on from.
    """
    runs = _learned(settings, _alone(settings), whole=True)
    found = _course(runs, runs.history.snapshots[0])
    for sweep, changes in _in_order(settings.by_hand):
        found = _set_by_hand(settings, found, sweep, changes)
    return found


def _course(runs: Runs, parameters: Floats) -> Course:
    with np.errstate(over="ignore", invalid="ignore"):  # of a run that diverged
        change = np.diff(parameters, axis=0, prepend=parameters[:1])
    return Course(
        parameters=parameters,
        change=change,
        outcome=cast(Outcome, str(runs.outcomes[0])),
        learned_at=int(runs.learned_at[0]),
        diverged_at=int(runs.diverged_at[0]),
    )


def _set_by_hand(
    settings: CurveSettings, before: Course, sweep: int, changes: list[WeightSet]
) -> Course:
    """Go on from the weights of a sweep, some of them changed: a fork of the run."""
    weights = before.parameters[sweep].copy()
    if not np.isfinite(weights).all():
        raise SettingError(
            f"weights must be set before the run diverges in sweep "
            f"{before.diverged_at}, got sweep {sweep}.",
            hint="set them earlier, or try a smaller epsilon.",
        )
    for change in changes:
        if change.parameter >= len(weights):
            raise SettingError(
                f"`parameter` must be the place of one of the {len(weights)} weights "
                f"and biases, 0 to {len(weights) - 1}, got {change.parameter}."
            )
        weights[change.parameter] = change.value
    if sweep == SWEEPS:  # none is left to learn in
        parameters, change_of = before.parameters.copy(), before.change.copy()
        parameters[sweep], change_of[sweep] = weights, 0
        return before._replace(parameters=parameters, change=change_of)
    runs = _learned(
        settings, _alone(settings), given=weights, sweeps=SWEEPS - sweep, whole=True
    )
    after = _course(runs, runs.history.snapshots[0])

    def joined(name: str) -> Floats:
        return np.concatenate([getattr(before, name)[:sweep], getattr(after, name)])

    return Course(
        parameters=joined("parameters"),
        change=joined("change"),
        outcome=after.outcome,
        learned_at=after.learned_at and sweep + after.learned_at,
        diverged_at=after.diverged_at and sweep + after.diverged_at,
    )


def history(settings: CurveAsked) -> bytes:
    """Let one run learn and give all of it, as `messages.Curve` describes.

    Raises
    ------
    SettingError
        If the run would be beyond the budget, or what is set by hand is not there.
    """
    task, network = about(settings.task), network_of(settings)
    run = course(settings)
    with np.errstate(over="ignore", invalid="ignore"):  # units far beyond saturation
        signals = signals_of(network, task, run.parameters)
        sheets = _plane(network, run.parameters)
    signals["change"] = run.change
    if settings.by_hand:
        signals["untouched"] = _untouched(settings)
    found = landmarks(signals["error"])
    return packed(
        partial(
            Curve,
            settings=settings,
            layers=layers_of(network),
            blocks=blocks_of(network),
            case_names=task.case_names,
            inputs=tuple(map(tuple, task.inputs.tolist())),
            desired=tuple(map(tuple, task.desired.tolist())),
            outcome=run.outcome,
            learned_at=run.learned_at,
            later_at=_later_at(settings, run),
            patience=PATIENCE,
            diverged_at=run.diverged_at,
            marks=Marks(plateau=found.plateau, drop=found.drop),
            separable=is_separable(settings.task),
            python=as_python(settings),
        ),
        {name: values.astype(np.float32) for name, values in signals.items()}
        | {"plane": sheets},
    )


def _later_at(settings: CurveAsked, run: Course) -> int:
    """Let a stuck run go on, and give the sweep in which it learns; 0 where none."""
    if run.outcome != "stuck":
        return 0
    begun = max((change.sweep for change in settings.by_hand), default=0)
    runs = _learned(
        settings,
        _alone(settings),
        given=run.parameters[begun] if settings.by_hand else None,
        sweeps=PATIENCE - begun,
    )
    return int(runs.learned_at[0]) and begun + int(runs.learned_at[0])


def _untouched(settings: CurveSettings) -> Floats:
    """Give the error of the run without what was set by hand, sweep by sweep."""
    runs = _learned(settings, _alone(settings))
    return np.append(runs.errors[0], runs.final_errors[0])


def _alone(settings: CurveSettings) -> range:
    return range(settings.run, settings.run + 1)


def _learned(
    settings: CurveSettings,
    runs: range,
    *,
    given: Floats | None = None,
    sweeps: int = SWEEPS,
    whole: bool = False,
) -> Runs:
    """Let runs learn, from the weights that are given or each from its own start."""
    task, network = about(settings.task), network_of(settings)
    check_work(
        cases=task.n_cases,
        sweeps=sweeps,
        parameters=network.n_parameters,
        runs=len(runs),
    )
    procedure = replace(procedure_of(settings), sweeps=sweeps)
    if given is not None:
        procedure = replace(procedure, start=Start(given=tuple(given.tolist())))
    return learn(
        task=task,
        network=network,
        procedure=procedure,
        runs=runs,
        seed=settings.seed,
        engine=ENGINE,
        snapshots=tuple(range(sweeps + 1)) if whole else (),
        every=1,
        threads=1,
    )


def _plane(network: Network, parameters: Floats) -> NDArray[np.uint16]:
    """Ask every unit about the unit square, as `messages.Curve` lays it out."""
    side = SIDES[network.n_in]
    ruler = np.linspace(0, 1, side)
    slices = [()] if network.n_in == 2 else [(0.0,), (1.0,)]
    points = np.array(
        [(across, up, *rest) for rest in slices for up in ruler for across in ruler]
    )
    passed: Passed = forward(
        network, parameters.astype(np.float32), points.astype(np.float32)
    )
    sheets = [
        levels(passed.y[step.layer.name]).reshape(
            len(parameters), len(slices), side, side, step.layer.size
        )
        for step in network.upward
    ]
    return np.concat([sheet.transpose(0, 1, 4, 2, 3) for sheet in sheets], axis=2)


def others(settings: CurveSettings) -> bytes:
    """Let the thousand starts learn among which this one is: `messages.Others`."""
    first = settings.run - settings.run % OTHERS
    runs = _learned(settings, range(first, first + OTHERS))
    recorded = np.arange(0, SWEEPS + 1, KEPT)
    errors = np.concatenate([runs.errors, runs.final_errors[:, None]], axis=1)
    own = int(runs.learned_at[settings.run - first])
    counts = _counts(runs)
    learned_at = runs.learned_at
    faster = (learned_at > 0) & (learned_at < (own or SWEEPS + 1))
    return packed(
        partial(
            Others,
            settings=settings,
            first=first,
            runs=OTHERS,
            levels=LEVELS,
            recorded=tuple(recorded.tolist()),
            learned=counts["learned"],
            stuck=counts["stuck"],
            diverged=counts["diverged"],
            faster=int(faster.sum()),
        ),
        {
            "quantiles": np.nanquantile(errors, LEVELS, axis=0).astype(np.float32),
            "error": errors[:, recorded].astype(np.float32),
            "learned_at": learned_at.astype(np.int32),
            "diverged_at": runs.diverged_at.astype(np.int32),
        },
    )


def errors(asked: CurvesAsked) -> bytes:
    """Give the errors of a few runs, as `messages.CurveErrors` describes."""
    found = [_mean_squared(settings) for settings in asked.runs]
    return packed(
        partial(CurveErrors, runs=asked.runs),
        {"mean_squared": np.array(found, dtype=np.float32)},
    )


def _mean_squared(settings: CurveAsked) -> Floats:
    task, network = about(settings.task), network_of(settings)
    with np.errstate(over="ignore", invalid="ignore"):  # of a run that diverged
        passed = forward(network, course(settings).parameters, task.inputs)
        output = passed.y[network.outputs[0].name]
        return cast(Floats, ((output - task.desired) ** 2).mean(axis=(-2, -1)))


def single_file(wanted: CurveFile) -> bytes:
    """Write the page with this run and the thousand as one HTML file."""
    settings = wanted.settings
    request = settings.model_dump()
    answers: list[Answer] = [
        ("api/curve", request, history(settings)),
        ("api/curve/others", request, others(settings)),
    ]
    if wanted.beside:
        beside = wanted.beside.model_dump()
        answers.append(("api/curve/errors", beside, errors(wanted.beside)))
    return in_one_file(wanted.state, answers).encode()


def _counts(runs: Runs) -> dict[str, int]:
    return {
        name: int((runs.outcomes == name).sum())
        for name in ("learned", "stuck", "diverged")
    }


def count_more(work: MoreStarts, identifier: str) -> Iterator[Progress]:
    """Let very many starts learn, some at a time, with a report after each lot.

    Yields
    ------
    Progress
        With what is known by now; the last one is the result.
    """
    settings = work.settings
    task, network = about(settings.task), network_of(settings)
    check_work(
        cases=task.n_cases,
        sweeps=SWEEPS,
        parameters=network.n_parameters,
        runs=work.runs,
    )
    totals = dict.fromkeys(("learned", "stuck", "diverged"), 0)
    bins = np.zeros(len(BINS) - 1, dtype=np.int64)
    for first in range(0, work.runs, AT_ONCE):
        some = range(first, min(first + AT_ONCE, work.runs))
        runs = _few_errors(settings, some)
        for name, count in _counts(runs).items():
            totals[name] += count
        at = runs.learned_at
        bins += np.histogram(at[at > 0], bins=np.array(BINS) + 0.5)[0]
        low, high = share_interval(totals["learned"], some.stop)
        yield Progress(
            id=identifier,
            done=some.stop,
            total=work.runs,
            so_far=Tally(
                runs=some.stop,
                **totals,
                low=low,
                high=high,
                edges=BINS,
                counts=tuple(bins.tolist()),
            ),
        )


def _few_errors(settings: CurveSettings, runs: range) -> Runs:
    """Learn, and stop a run once it has learned: only its count is asked for."""
    return learn(
        task=about(settings.task),
        network=network_of(settings),
        procedure=procedure_of(settings),
        runs=runs,
        seed=settings.seed,
        engine=ENGINE,
        every=SWEEPS,
        threads=1,
    )
