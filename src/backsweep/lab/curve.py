"""The training curve's numbers: a whole run, its signals, and a thousand other starts.

Learning is `learn`, activities and signals are `equations.forward` and `backward`,
over all sweeps at once. Nothing is computed here but which of them is asked.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from backsweep import tasks
from backsweep.analysis import landmarks, separation
from backsweep.equations import forward
from backsweep.lab.budget import check_work
from backsweep.lab.messages import (
    SWEEPS,
    TASKS,
    Curve,
    CurveFile,
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
from backsweep.lab.single import in_one_file
from backsweep.network import Network
from backsweep.procedure import Procedure, Spread, Start
from backsweep.runs import Runs, learn
from backsweep.runs.summary import share_interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backsweep.equations import Passed
    from backsweep.lab.messages import TaskName

__all__ = ["count_more", "history", "others", "single_file", "warm_up"]

Floats: TypeAlias = NDArray[np.float64]

ENGINE: Final = "compiled"
OTHERS: Final = 1000
LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
KEPT: Final = 8  # every so-manieth error of each of the others is sent
SIDES: Final = {2: 17, 3: 13}  # points along a side of the plane, by input units
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
    history(CurveSettings())
    others(CurveSettings())


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


def as_python(settings: CurveSettings) -> str:
    """Write the call that gives the same run."""
    shape = "-".join(str(layer.size) for layer in network_of(settings).layers)
    return (
        "import backsweep as b\n\n"
        f"spread = b.Spread({settings.start:g})\n"
        "procedure = b.Procedure(\n"
        f"    epsilon={settings.epsilon:g}, alpha={settings.alpha:g},"
        f' update="{settings.update}",\n'
        f'    start=b.Start(spread, spread), sweeps={SWEEPS}, until="end",\n'
        ")\n"
        "runs = b.learn(\n"
        f'    task="{settings.task}", network="{shape}", procedure=procedure,\n'
        f"    seed={settings.seed}, runs=range({settings.run}, {settings.run + 1}),"
        f' engine="{ENGINE}",\n'
        ")\n"
    )


def history(settings: CurveSettings) -> bytes:
    """Let one run learn and give all of it, as `messages.Curve` describes.

    Raises
    ------
    SettingError
        If the run would be beyond the budget.
    """
    task, network = about(settings.task), network_of(settings)
    runs = _learned(settings, range(settings.run, settings.run + 1), whole=True)
    parameters = runs.history.snapshots[0]
    with np.errstate(over="ignore", invalid="ignore"):  # units far beyond saturation
        signals = signals_of(network, task, parameters)
        change = np.diff(parameters, axis=0, prepend=parameters[:1])
        signals["change"] = change
        sheets = _plane(network, parameters)
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
            outcome=cast(Outcome, str(runs.outcomes[0])),
            learned_at=int(runs.learned_at[0]),
            diverged_at=int(runs.diverged_at[0]),
            marks=Marks(plateau=found.plateau, drop=found.drop),
            separable=is_separable(settings.task),
            python=as_python(settings),
        ),
        {name: values.astype(np.float32) for name, values in signals.items()}
        | {"plane": sheets},
    )


def _learned(settings: CurveSettings, runs: range, *, whole: bool) -> Runs:
    task, network = about(settings.task), network_of(settings)
    check_work(
        cases=task.n_cases,
        sweeps=SWEEPS,
        parameters=network.n_parameters,
        runs=len(runs),
    )
    return learn(
        task=task,
        network=network,
        procedure=procedure_of(settings),
        runs=runs,
        seed=settings.seed,
        engine=ENGINE,
        snapshots=tuple(range(SWEEPS + 1)) if whole else (),
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
    runs = _learned(settings, range(first, first + OTHERS), whole=False)
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


def single_file(wanted: CurveFile) -> bytes:
    """Write the page with this run and the thousand as one HTML file."""
    settings = wanted.settings
    request = settings.model_dump()
    answers = {
        "api/curve": (request, history(settings)),
        "api/curve/others": (request, others(settings)),
    }
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
