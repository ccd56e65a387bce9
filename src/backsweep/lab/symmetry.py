"""The symmetry task's numbers: a run at some hundreds of moments, and other starts.

Learning is `learn`, activities and signals are `equations.forward` and `backward`,
what the weights say about the middle of a row is `analysis.mirror`. Nothing is
computed here but which of them is asked, and when a run is looked at.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from backsweep import tasks
from backsweep.analysis import (
    CODES,
    landmarks,
    mirror_residual,
    ratio_code,
    side_magnitudes,
)
from backsweep.equations import backward, forward
from backsweep.lab.budget import check_work
from backsweep.lab.messages import (
    Marks,
    Outcome,
    Progress,
    Symmetry,
    SymmetryFile,
    SymmetrySettings,
    SymmetryStarts,
    SymmetryTally,
)
from backsweep.lab.networks import (
    before,
    blocks_of,
    layers_of,
    signals_of,
    steps_of,
)
from backsweep.lab.packing import packed
from backsweep.lab.single import Answer, in_one_file
from backsweep.procedure import Criterion, Procedure, Spread, Start
from backsweep.runs import Runs, learn
from backsweep.runs.summary import share_interval

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["history", "moments", "single_file", "time_starts"]

Floats: TypeAlias = NDArray[np.float64]

ENGINE: Final = "compiled"
TASK: Final = tasks.named("symmetry")
LIMIT: Final = TASK.procedure.sweeps
PATIENCE: Final = 5 * LIMIT  # sweeps after which a run that has not learned is left
PUBLISHED: Final = int(TASK.published["sweeps"])
RIGHT: Final = cast(float, TASK.procedure.criterion.value)
HIDDEN: Final = "hidden"
EVEN: Final = 400  # moments at even distances over the whole run
NEAR: Final = 200  # more of them around the sweep of learning
SETTLED: Final = 0.1  # how near all outputs are once the weights have taken their form
AT_ONCE: Final = 50  # runs of long work between two reports


class Ended(NamedTuple):
    """How a run ended, and with which sweep one looks at it last."""

    outcome: Outcome
    last: int
    learned_at: int = 0
    settled_at: int = 0
    diverged_at: int = 0
    later_at: int = 0


def procedure_of(
    settings: SymmetrySettings,
    *,
    sweeps: int = LIMIT,
    within: float = RIGHT,
    until: Literal["learned", "end"] = "learned",
) -> Procedure:
    """Give the procedure that the page's settings stand for."""
    spread = Spread(settings.start)
    return Procedure(
        epsilon=settings.epsilon,
        alpha=settings.alpha,
        start=Start(spread, spread),
        criterion=Criterion("within", within),
        sweeps=sweeps,
        until=until,
    )


def moments(learned_at: int, last: int) -> tuple[int, ...]:
    """Choose the sweeps at which a run is looked at: more of them near learning.

    Examples
    --------
    >>> chosen = moments(1000, 2000)
    >>> len(chosen) <= 600, chosen[0], chosen[-1], 1000 in chosen
    (True, 0, 2000, True)
    """
    even = np.linspace(0, last, EVEN if learned_at else EVEN + NEAR)
    near = np.linspace(0.8 * learned_at, 1.2 * learned_at, NEAR - 3)
    # The sweep of learning finds all right before it changes the weights.
    exact = [max(0, learned_at - back) for back in (0, 1, 2)]
    chosen = np.concatenate([even, near, exact]).round().astype(int)
    return tuple(np.unique(chosen[chosen <= last]).tolist())


def as_python(settings: SymmetrySettings, last: int) -> str:
    """Write the calls that give the same run, and the ratios of its weights."""
    run = settings.run
    return (
        "import backsweep as b\n"
        "from backsweep.analysis import ratio_code, side_magnitudes\n\n"
        f"spread = b.Spread({settings.start!r})\n"
        "procedure = b.Procedure(\n"
        f"    epsilon={settings.epsilon!r}, alpha={settings.alpha!r},\n"
        f'    start=b.Start(spread, spread), sweeps={last}, until="end",\n'
        ")\n"
        "runs = b.learn(\n"
        '    task="symmetry", procedure=procedure,\n'
        f"    seed={settings.seed}, runs=range({run}, {run + 1}),"
        f' engine="{ENGINE}",\n'
        ")\n"
        "runs.learned_at\n"
        f'sides = side_magnitudes(runs.weights({run}, "hidden").to_numpy()[:, :6])\n'
        "sides, ratio_code(sides)\n"
    )


def _learn(settings: SymmetrySettings, runs: range, procedure: Procedure) -> Runs:
    """Let runs learn, each until it has learned or comes to its last sweep."""
    _check(len(runs), procedure.sweeps)
    return learn(
        task=TASK,
        procedure=procedure,
        runs=runs,
        seed=settings.seed,
        engine=ENGINE,
        every=procedure.sweeps,
        threads=1,
    )


def _check(runs: int, sweeps: int = LIMIT) -> None:
    check_work(
        cases=TASK.n_cases,
        sweeps=sweeps,
        parameters=TASK.network.n_parameters,
        runs=runs,
    )


def _ended(settings: SymmetrySettings) -> Ended:
    """Find when a run has learned, and when its weights have taken their form."""
    alone = range(settings.run, settings.run + 1)
    runs = _learn(settings, alone, procedure_of(settings, sweeps=PATIENCE))
    learned_at, diverged_at = int(runs.learned_at[0]), int(runs.diverged_at[0])
    if diverged_at and diverged_at <= LIMIT:
        last = min(LIMIT, diverged_at + 20)
        return Ended("diverged", last, diverged_at=diverged_at)
    if not learned_at or learned_at > LIMIT:
        return Ended("stuck", LIMIT, later_at=learned_at)
    formed = _learn(settings, alone, procedure_of(settings, within=SETTLED))
    settled_at, last = int(formed.learned_at[0]), LIMIT
    if settled_at:
        last = min(LIMIT, max(settled_at + settled_at // 10, learned_at + 500))
    return Ended("learned", last, learned_at=learned_at, settled_at=settled_at)


@lru_cache(maxsize=8)
def history(settings: SymmetrySettings) -> bytes:
    """Let one run learn, and give its moments: `messages.Symmetry`."""
    ended = _ended(settings)
    chosen = moments(ended.learned_at, ended.last)
    runs = learn(
        task=TASK,
        procedure=procedure_of(settings, sweeps=ended.last, until="end"),
        runs=range(settings.run, settings.run + 1),
        seed=settings.seed,
        engine=ENGINE,
        snapshots=before(chosen),
        every=1,
        threads=1,
    )
    snapshots = runs.history.snapshots[0]
    parameters = snapshots[np.searchsorted(before(chosen), chosen)]
    with np.errstate(over="ignore", invalid="ignore"):  # units far beyond saturation
        signals = signals_of(TASK.network, TASK, parameters) | _sides(parameters)
        signals |= steps_of(snapshots, chosen, _slope)
        found = landmarks(np.append(runs.errors[0], runs.final_errors[0]))
    return packed(
        partial(
            Symmetry,
            settings=settings,
            layers=layers_of(TASK.network),
            blocks=blocks_of(TASK.network),
            case_names=TASK.case_names,
            inputs=tuple(map(tuple, TASK.inputs.tolist())),
            desired=tuple(map(tuple, TASK.desired.tolist())),
            sweeps=chosen,
            codes=tuple(CODES),
            limit=LIMIT,
            published=PUBLISHED,
            outcome=ended.outcome,
            learned_at=ended.learned_at,
            settled_at=ended.settled_at,
            diverged_at=ended.diverged_at,
            later_at=ended.later_at,
            patience=PATIENCE,
            marks=Marks(plateau=found.plateau, drop=found.drop),
            python=as_python(settings, ended.last),
        ),
        {name: values.astype(np.float32) for name, values in signals.items()}
        | {"code": _codes(signals["magnitudes"])},
    )


def _slope(parameters: Floats) -> Floats:
    """Sum dE/dw over all cases."""
    passed = forward(TASK.network, parameters, TASK.inputs)
    slope: Floats = backward(TASK.network, parameters, passed, TASK.desired).dE_dw
    return slope


def _sides(parameters: Floats) -> dict[str, Floats]:
    """Measure the weights on the two sides of the middle."""
    network = TASK.network
    weights = network.weights(parameters, network.incoming(HIDDEN)[0])
    magnitudes = side_magnitudes(weights)
    ratios = np.divide(
        magnitudes,
        magnitudes[..., :1],
        out=np.zeros_like(magnitudes),
        where=magnitudes[..., :1] > 0,
    )
    return {
        "magnitudes": magnitudes,
        "ratios": ratios,
        "residual": mirror_residual(weights),
    }


def _codes(magnitudes: Floats) -> NDArray[np.int32]:
    """Give the place of each code in CODES, or -1 for one without a name."""
    named = ratio_code(magnitudes)
    return np.select(
        [named == name for name in CODES], range(len(CODES)), default=-1
    ).astype(np.int32)


@lru_cache(maxsize=1024)
def _lot(settings: SymmetrySettings, first: int, end: int) -> tuple[list[int], int]:
    """Tell when runs learned, and how many diverged; lots tried before are kept."""
    runs = _learn(settings, range(first, end), procedure_of(settings))
    return runs.learned_at.tolist(), int((runs.outcomes == "diverged").sum())


def time_starts(work: SymmetryStarts, identifier: str) -> Iterator[Progress]:
    """Let other starts learn, some at a time, with a report after each lot.

    Yields
    ------
    Progress
        With what is known by now; the last one is the result.
    """
    _check(work.runs)
    settings = work.settings.model_copy(update={"run": 0})  # the same for every run
    learned_at: list[int] = []
    diverged = 0
    end = work.first + work.runs
    for first in range(work.first, end, AT_ONCE):
        some, astray = _lot(settings, first, min(first + AT_ONCE, end))
        learned_at += some
        diverged += astray
        yield Progress(
            id=identifier,
            done=len(learned_at),
            total=work.runs,
            so_far=_tally(work.first, learned_at, diverged),
        )


def _tally(first: int, learned_at: list[int], diverged: int) -> SymmetryTally:
    at = np.array(learned_at)
    right = at[at > 0]
    low, high = share_interval(len(right), len(at))
    return SymmetryTally(
        first=first,
        runs=len(at),
        learned_at=tuple(learned_at),
        learned=len(right),
        stuck=len(at) - len(right) - diverged,
        diverged=diverged,
        median=float(np.median(right)) if len(right) else None,
        sooner=int((right < PUBLISHED).sum()),
        low=low,
        high=high,
    )


def single_file(wanted: SymmetryFile) -> bytes:
    """Write the page with this run, and starts beside it, as one HTML file."""
    settings, others = wanted.settings, wanted.others
    parts: list[Answer] = [("api/symmetry", settings.model_dump(), history(settings))]
    if others:
        tally = _tally(others.first, list(others.learned_at), others.diverged)
        parts.append(("api/symmetry/starts", {}, tally.model_dump_json().encode()))
    return in_one_file(wanted.state, parts).encode()
