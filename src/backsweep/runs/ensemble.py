"""learn: many runs of one network on one task, and their record."""

from __future__ import annotations

import os
import shutil
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backsweep import __version__, notation
from backsweep.activations import ACTIVATIONS
from backsweep.door import as_whole
from backsweep.engines import choose
from backsweep.errors import FitWarning, SettingError
from backsweep.grids import Grid
from backsweep.learning import (
    FolderShelf,
    Plan,
    Recording,
    Report,
    carry_out,
    settings_of,
    shelf_beside,
)
from backsweep.network import Network
from backsweep.procedure import Procedure
from backsweep.runs import record, store
from backsweep.tasks import named as task_by_name
from backsweep.tasks.table import is_table, read_table
from backsweep.tasks.task import Task
from backsweep.threefry import MOST_RUNS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


__all__ = ["learn"]

A_SETTING: Final = 8  # words of memory that one number a run takes, at the most
ROOM: Final = {  # what runs must fit, and what to do where they do not
    "machine's memory": "ask for fewer runs at a time, each range of them with its own"
    " record.",
    "free disk": "make room, or ask for fewer runs at a time.",
}


def learn(
    network: Network | str | None = None,
    task: Task | str | None = None,
    procedure: Procedure | None = None,
    *,
    grid: Grid | None = None,
    runs: int | range | None = None,
    seed: int = 0,
    engine: str = "auto",
    every: int | None = None,
    snapshots: Sequence[int] = (),
    ends: bool = True,
    convergence: bool = False,
    threads: int | None = None,
    save: str | Path | None = None,
    resume: bool = False,
    force: bool = False,
    listener: Callable[[Report], None] | None = None,
) -> record.Runs:
    """Let many networks learn a task, each from a start of its own.

    Parameters
    ----------
    network
        A network or its written form; the task's own where None.
    task
        A task, its name, or the path of a table (see `backsweep.read_table`).
    procedure
        The settings; the task's own where None.
    grid
        Settings to be varied against one another (see `backsweep.grid`); it says how
        many runs there are. They take the place of the procedure's.
    runs
        How many, or a range of run numbers. Where None, one; or as many as the
        settings that hold one value a run ask for.
    seed
        From which, with the number of the run, every start is drawn.
    engine
        "auto", or the name of an entry of `backsweep.engines.ENGINES`.
    every
        Keep the error of every so-manieth sweep; where None every one, thinned for
        ensembles that would fill more than 32 MB.
    snapshots
        Keep the weights after these sweeps; 0 is the start.
    ends
        Whether the weights at the end are kept and judged. A map of very many runs
        can do without: `replay` gives those of any run.
    convergence
        Whether to take the measure of convergence of whole runs, which
        `Runs.map("convergence")` shows.
    threads
        Workers, as many as are of use to the engine where None. The result does not
        depend on it.
    save, resume, force
        Where to keep the record; finished blocks of runs are kept beside it, so
        that after a kill `resume` goes on to the same bits. `force` overwrites.
        What is then too large for memory stays on disk.
    listener
        Told about twenty times a second how far it has come.

    Returns
    -------
    Runs
        After Ctrl-C, what was done by then: `outcomes` says "unfinished".

    Raises
    ------
    BacksweepError
        If network, task and procedure do not go together; the message says why.

    Examples
    --------
    >>> runs = learn(task="xor", runs=20, seed=3)
    >>> runs.outcomes.tolist().count("learned") > 10
    True
    """
    if task is None:
        raise SettingError(
            "`task` must be given, got None.", hint="for instance learn(task='xor')."
        )
    task = _task(task)
    if network is None:
        network = task.network
    elif isinstance(network, str):
        network = notation.parse(network)
    procedure = task.procedure if procedure is None else procedure
    for name, value, kind in (
        ("network", network, Network),
        ("procedure", procedure, Procedure),
    ):
        if not isinstance(value, kind):
            raise SettingError(f"`{name}` must be a {kind.__name__}, got {value!r}.")
    common = None
    if grid is not None:
        if not isinstance(grid, Grid):
            raise SettingError(
                f"`grid` must be a Grid, got {grid!r}.",
                hint="for instance backsweep.grid(epsilon=[0.1, 1], runs=16).",
            )
        if runs is not None:
            raise SettingError(
                f"the number of runs must stand in the grid, got `runs` {runs!r} too.",
                hint="for instance grid(epsilon=..., runs=16).",
            )
        _check_grid(grid)
        least = Recording(every=procedure.sweeps, ends=ends)
        _check_room(network, procedure, range(grid.n_runs), least, save)
        common, procedure = procedure, grid.applied_to(procedure)
    numbers = _numbers(runs, procedure)
    seed = _bounded("seed", seed, 0, 2**64 - 1)
    threads = None if threads is None else _bounded("threads", threads, 1, 4096)
    last = procedure.sweeps
    kept = {_bounded("snapshots", sweep, 0, last) for sweep in snapshots}
    _check(network, task, procedure, numbers)
    _warn(network, task, procedure)
    chosen = choose(engine, network, procedure)
    if convergence and procedure.until != "end":
        raise SettingError(
            "the measure of convergence must be of whole runs, got the procedure's "
            f"`until` {procedure.until!r}.",
            hint="let the runs go on to the 'end'.",
        )
    if every is None:
        every = min(last, Recording.automatic(len(numbers), last).every)
    recording = Recording(
        every=_bounded("every", every, 1, last),
        snapshots=tuple(sorted(kept)),
        ends=ends,
        convergence=convergence,
    )
    _check_room(network, procedure, numbers, recording, save)
    plan = Plan(
        network=network,
        task=task,
        procedure=procedure,
        seed=seed,
        runs=numbers,
        recording=recording,
        grid=grid,
        common=common,
    )
    program = chosen.prepare(network, task, procedure)
    shelf = None
    if save is not None:
        store.check_free(Path(save), force=force)
        shelf = _shelf(
            Path(save),
            settings_of(plan, chosen.name, __version__),
            resume=resume,
            force=force,
        )
    history = carry_out(
        plan,
        program,
        threads=threads,
        shelf=shelf,
        folder=None if shelf is None else shelf.folder,
        listener=listener,
    )
    if history is None:
        raise KeyboardInterrupt
    result = record.Runs(
        network=network,
        task=task,
        procedure=procedure,
        seed=seed,
        engine=chosen.name,
        version=__version__,
        recording=recording,
        history=history,
        grid=grid,
        common=common,
    )
    whole = result.n_runs == len(numbers) and result.history.finished.all()
    if save is not None and shelf is not None and whole:
        result.save(save, force=force)
        shelf.clear()
    return result


def _shelf(
    path: Path, settings: dict[str, object], *, resume: bool, force: bool
) -> FolderShelf:
    folder = shelf_beside(path)
    if force and not resume:
        FolderShelf.discard(folder)
    return FolderShelf(folder, settings, resume=resume)


def _task(task: Task | str) -> Task:
    if isinstance(task, Task):
        return task
    if not isinstance(task, str):
        raise SettingError(
            f"`task` must be a Task, a task's name or a table's path, got {task!r}."
        )
    return read_table(task) if is_table(task) else task_by_name(task)


def _numbers(runs: int | range | None, procedure: Procedure) -> range:
    lengths = {count for _, count in procedure.per_run()}
    if runs is None:
        runs = max(lengths, default=1)
    if not isinstance(runs, range) and lengths - {as_whole(runs)}:
        name, count = next(
            (name, count) for name, count in procedure.per_run() if count != runs
        )
        raise SettingError(
            f"the {name} must hold one number for each of {runs} runs, got {count}.",
            hint="leave `runs` out to have as many runs as numbers.",
        )
    numbers = runs if isinstance(runs, range) else range(as_whole(runs) or 0)
    if numbers.step != 1 or numbers.start < 0:
        raise SettingError(
            f"a range of runs must go up by 1, from 0 or more, got {runs!r}."
        )
    if len(numbers) < 1:
        raise SettingError(f"`runs` must be a whole number, at least 1, got {runs!r}.")
    if numbers.stop > MOST_RUNS:
        raise SettingError(f"run numbers must be under 2**32, got {numbers.stop - 1}.")
    return numbers


def _bounded(name: str, value: object, low: int, high: int) -> int:
    number = as_whole(value)
    if number is None or not low <= number <= high:
        raise SettingError(
            f"`{name}` must be a whole number from {low} to {high}, got {value!r}."
        )
    return number


def _check_room(
    network: Network,
    procedure: Procedure,
    runs: range,
    recording: Recording,
    save: str | Path | None,
) -> None:
    """Refuse at once what memory cannot hold, or with a record to save the disk."""
    weights = len(recording.snapshots) + recording.ends
    numbers = network.n_parameters * weights + 16
    numbers += len(recording.sweeps(procedure.sweeps))
    needed = 8 * numbers * len(runs)
    if save is None:
        _refuse_beyond(needed, _memory(), "machine's memory", runs)
        return
    # The blocks that are kept, their rows side by side, and the record.
    there = shutil.disk_usage(_that_exists(Path(save).absolute())).free
    _refuse_beyond(3 * needed, there, "free disk", runs)


def _check_grid(grid: Grid) -> None:
    """Refuse a grid whose settings, one number a run each, memory cannot hold."""
    needed = 8 * A_SETTING * len(grid.axes) * grid.n_runs
    _refuse_beyond(needed, _memory(), "machine's memory", range(grid.n_runs))


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _refuse_beyond(needed: int, there: int, what: str, runs: range) -> None:
    if needed > there:
        raise SettingError(
            f"{len(runs):,} runs must fit the {what} of {there / 1e9:.0f} "
            f"GB, and would take about {needed / 1e9:.0f} GB.",
            hint=ROOM[what],
        )


def _that_exists(path: Path) -> Path:
    """Give the lowest folder above a path that is there."""
    return next(folder for folder in path.parents if folder.is_dir())


def _check(network: Network, task: Task, procedure: Procedure, runs: range) -> None:
    task.check_network(network)
    procedure.check_rates(network)
    for name, count in procedure.per_run():
        if count < runs.stop:
            raise SettingError(
                f"the {name} must hold one number for each of {runs.stop} runs, got "
                f"{count}."
            )
    if procedure.criterion.rule == "winner" and network.n_out < 2:
        raise SettingError(
            "the criterion 'winner' must have at least two output units to choose "
            f"from, got {network.n_out}.",
            hint="for one output unit take a distance, such as 0.5.",
        )


def _warn(network: Network, task: Task, procedure: Procedure) -> None:
    for misfit in procedure.misfits(network):
        warnings.warn(misfit, FitWarning, stacklevel=3)
    start = 0
    for layer in network.outputs:
        desired = task.desired[:, start : start + layer.size]
        start += layer.size
        low, high = ACTIVATIONS[layer.activation].range
        if desired.min() < low or desired.max() > high:
            warnings.warn(
                f"the {layer.activation} units of layer {layer.name!r} stay from "
                f"{low:g} to {high:g} "
                f"and cannot reach desired outputs from {desired.min():g} to "
                f"{desired.max():g}: "
                "linear units can.",
                FitWarning,
                stacklevel=3,
            )
