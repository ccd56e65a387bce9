"""The store: records as xarray datasets in Zarr, checked by digests. No pickle."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import shutil
import uuid
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from backsweep import notation
from backsweep.errors import RecordError
from backsweep.grids import RATE, SETTINGS, Grid, described
from backsweep.learning import History, Recording, shelf_beside
from backsweep.procedure import Procedure
from backsweep.runs import record, stream
from backsweep.tasks.task import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import xarray
    from numpy.typing import NDArray

    from backsweep.network import Block, Network

__all__ = ["check_free", "open_runs", "save", "to_dataset", "to_table", "to_weights"]

FORMAT: Final = "backsweep runs"
FORMAT_VERSION: Final = 1
RUN_ROWS: Final = {  # what a record holds of each run, and its unit
    "learned_at": "sweep, 0: never",
    "diverged_at": "sweep, 0: never",
    "sweeps": "sweeps carried out",
    "finished": "whether the run came to its end",
    "final_errors": "error of the learning cases at the end",
    "right": "learning cases right at the end",
    "held_out_right": "held-out cases right at the end",
}

STEPS: Final = ("epsilon", "alpha", "decay")  # columns of every table

RESERVED: Final = {*RUN_ROWS, *SETTINGS, "run", "sweep", "snapshot", "case", "errors",
    "held_out", "held_out_case", "inputs", "desired", "input unit", "output unit",
    "convergence"}  # fmt: skip


def to_dataset(runs: record.Runs) -> xarray.Dataset:
    """Label everything recorded: dimensions run, sweep, snapshot, and one a layer."""
    import xarray  # noqa: PLC0415  # heavy, and needed here only

    history = runs.history
    variables: dict[str, Any] = {
        name: ("run", getattr(history, name), {"about": about})
        for name, about in RUN_ROWS.items()
    }
    variables["errors"] = (("run", "sweep"), history.errors)
    variables["held_out"] = (("run", "held_out_case"), history.held_out)
    if runs.recording.convergence:
        variables["convergence"] = ("run", history.convergence[:, 0])
    for block in runs.network.blocks if runs.recording.ends else ():
        name, dimensions = _labels(block)
        shape = (runs.n_runs, *block.shape)
        values = history.parameters[:, block.start : block.stop].reshape(shape)
        variables[name] = (("run", *dimensions), values)
    for block in runs.network.blocks:
        name, dimensions = _labels(block)
        if runs.recording.snapshots:
            shape = (runs.n_runs, len(runs.recording.snapshots), *block.shape)
            values = history.snapshots[..., block.start : block.stop].reshape(shape)
            variables[f"snapshots of {name}"] = (
                ("run", "snapshot", *dimensions),
                values,
            )
    variables["inputs"] = (("case", "input unit"), runs.task.inputs)
    variables["desired"] = (("case", "output unit"), runs.task.desired)
    coordinates: dict[str, Any] = {
        "run": history.run,
        "sweep": runs.error_sweeps,
        "snapshot": np.array(runs.recording.snapshots, dtype=np.int64),
        "case": list(runs.task.case_names),
    }
    if runs.grid is not None:
        for name in runs.grid.names:
            coordinates[name] = ("run", runs.grid.numbers(name)[history.run])
    for layer in runs.network.layers:
        coordinates[_dimension(layer.name)] = list(layer.unit_names)
    return xarray.Dataset(
        variables, coordinates, {"settings": json.dumps(_settings(runs))}
    )


def _labels(block: Block) -> tuple[str, tuple[str, ...]]:
    layer = _dimension(block.layer)
    if block.source is None:
        return f"biases of {block.layer}", (layer,)
    # A layer linked to itself would give a dimension twice.
    source = _dimension(block.source)
    if block.source == block.layer:
        source = f"{source} before"
    return f"weights to {block.layer} from {block.source}", (layer, source)


def _dimension(layer: str) -> str:
    """Name a layer's dimension: as the layer, unless the record uses that word."""
    is_taken = layer in RESERVED or layer.startswith(RATE)
    return f"{layer} units" if is_taken else layer


def to_table(runs: record.Runs) -> pd.DataFrame:
    """Give one row a network: how it ended, and the settings that were its own."""
    import pandas as pd  # noqa: PLC0415  # heavy, and needed here only

    history = runs.history
    columns: dict[str, Any] = {"run": history.run, "outcome": runs.outcomes.tolist()}
    columns |= {name: getattr(history, name) for name in RUN_ROWS if name != "finished"}
    for name in ("learned_at", "diverged_at"):
        # 0 stands for never, and would spoil every mean of the column.
        column = pd.array(columns[name], dtype="Int64")
        column[columns[name] == 0] = pd.NA
        columns[name] = column
    numbers = {name: getattr(runs.procedure, name) for name in STEPS}
    numbers |= {
        f"{RATE}{layer}": rate for layer, rate in runs.procedure.rate_of.items()
    }
    for name, value in numbers.items():
        columns[name] = (
            value if isinstance(value, float) else np.array(value)[history.run]
        )
    if runs.grid is not None:
        for name in runs.grid.names:
            columns[name] = runs.grid.numbers(name)[history.run]
    if runs.recording.convergence:
        columns["convergence"] = history.convergence[:, 0]
    return pd.DataFrame(columns)


def to_weights(
    network: Network, parameters: NDArray[np.float64], layer: str
) -> pd.DataFrame:
    """Give the weights and biases into a layer, named by layer and unit."""
    import pandas as pd  # noqa: PLC0415  # heavy, and needed here only

    parts = {}
    for link in network.incoming(network[layer].name):
        if network.block(link) is not None:
            weights = network.weights(parameters, link)
            for unit, column in zip(
                network[link.source].unit_names, weights.T, strict=True
            ):
                parts[link.source, unit] = column
    if network[layer].bias:
        parts["bias", ""] = network.biases(parameters, layer)
    return pd.DataFrame(parts, index=list(network[layer].unit_names))


def _settings(runs: record.Runs) -> dict[str, Any]:
    task = runs.task
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "version": runs.version,
        "engine": runs.engine,
        "seed": runs.seed,
        "network": notation.written(runs.network),
        **described(runs.procedure, runs.common, runs.grid),
        "recording": dataclasses.asdict(runs.recording),
        "task": {
            "name": task.name,
            "about": task.about,
            "source": task.source,
            "network": notation.written(task.network),
            "procedure": task.procedure.to_dict(),
            "case_names": list(task.case_names),
            "held_out": task.held_out,
            "held_out_cases": list(task.held_out_cases),
            "published": task.published,
        },
    }


def check_free(path: Path, *, force: bool) -> None:
    """Raise RecordError if something is at `path` that may not be overwritten."""
    if not path.name or path.name == "..":
        raise RecordError(
            f"a record must have a name of its own, got {str(path)!r}.",
            hint="for instance 'symmetry.zarr'.",
        )
    if path.exists() and not force:
        raise RecordError(
            f"{str(path)!r} is there already.",
            hint="choose another name, or overwrite with force.",
        )
    is_empty = path.is_dir() and not any(path.iterdir())
    if path.exists() and not is_empty and not (path / "zarr.json").is_file():
        raise RecordError(
            f"{str(path)!r} is there and is no record: it is not overwritten.",
            hint="choose another name.",
        )


def save(runs: record.Runs, path: Path, *, force: bool = False) -> Path:
    """Write a record under another name and rename it: whole, or not at all."""
    check_free(path, force=force)
    names = [_dimension(layer.name) for layer in runs.network.layers]
    names += runs.grid.names if runs.grid is not None else ()
    dataset = to_dataset(runs).drop_vars([*names, "case"])
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream.write(dataset, temporary)
        with _aside(path):
            temporary.replace(path)
    except OSError as error:
        raise RecordError(
            f"{str(path)!r} cannot be written: {error.strerror or error}.",
            hint="make room, or choose another place; nothing was changed.",
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return path


@contextlib.contextmanager
def _aside(path: Path) -> Iterator[None]:
    """Put what is at `path` aside until its successor is in place."""
    old = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.old")
    if path.exists():
        path.replace(old)
    try:
        yield
    except BaseException:
        if old.exists() and not path.exists():
            old.replace(path)
        raise
    if old.is_dir():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.unlink(missing_ok=True)


def open_runs(path: str | Path) -> record.Runs:
    """Open a record that `Runs.save` wrote, checked bit by bit.

    Raises
    ------
    RecordError
        If there is none, or it is damaged (with the name of what is), from a newer
        version, or something else.
    """
    path = Path(path)
    dataset = _read(path)
    settings = _read_settings(path, dataset)
    try:
        _check_digests(path, dataset)
        return _runs(dataset, settings)
    except (AttributeError, KeyError, ValueError, TypeError) as error:
        raise RecordError(
            f"the record {str(path)!r} is damaged: its settings cannot be read "
            f"({error})."
        ) from error


def _check_digests(path: Path, dataset: xarray.Dataset) -> None:
    """Raise RecordError, with its name, if anything is not what was saved."""
    digests = dict(json.loads(dataset.attrs["digests"]))
    found = {
        str(name): stream.digest(dataset[name].values) for name in dataset.variables
    }
    found["settings"] = stream.text_digest(dataset.attrs["settings"])
    for name in sorted(digests.keys() | found.keys()):
        if digests.get(name) != found.get(name):
            raise RecordError(
                f"the record {str(path)!r} is damaged: {name!r} is not what was saved.",
                hint="take it from a copy, or learn again.",
            )


def _read(path: Path) -> xarray.Dataset:
    import xarray  # noqa: PLC0415  # heavy, and needed here only
    import zarr  # noqa: PLC0415  # heavy, and needed here only

    if not path.exists():
        near = shelf_beside(path)
        hint = (
            "learning was broken off: go on with resume; "
            f"{str(near)!r} holds what is done."
        )
        raise RecordError(
            f"there is no record {str(path)!r}.", hint=hint if near.exists() else None
        )
    if not (path / "zarr.json").is_file():
        raise RecordError(
            f"{str(path)!r} is not a record of Backsweep: it has no 'zarr.json'.",
            hint="a record is a folder that `learn --save` or `Runs.save` wrote.",
        )
    damage: tuple[type[Exception], ...] = (
        ValueError,
        KeyError,
        TypeError,
        OSError,
        RuntimeError,
        zarr.errors.BaseZarrError,
        zarr.errors.ZarrUserWarning,
    )
    try:
        with warnings.catch_warnings():
            # What Zarr only warns of, a part that it does not know, is damage here.
            warnings.simplefilter("error", zarr.errors.ZarrUserWarning)
            dataset: xarray.Dataset = xarray.open_zarr(
                path, consolidated=False, chunks=None
            )
            return dataset.load()
    except damage as error:
        raise RecordError(
            f"the record {str(path)!r} is damaged: {_culprit(path) or error}.",
            hint="take it from a copy, or learn again.",
        ) from error


def _culprit(path: Path) -> str | None:
    """Name the variable that cannot be read."""
    import zarr  # noqa: PLC0415  # heavy, and needed here only

    try:
        group = zarr.open_group(path, mode="r")
    except Exception as error:  # noqa: BLE001  # any damage whatever: it is being named
        return f"its description cannot be read ({error})"
    for folder in sorted(child for child in path.iterdir() if child.is_dir()):
        try:
            group[folder.name][...]  # type: ignore[index]  # an array, or it is damaged
        except Exception:  # noqa: BLE001  # as above
            return f"{folder.name!r} cannot be read"
    return None


def _read_settings(path: Path, dataset: xarray.Dataset) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    with contextlib.suppress(KeyError, ValueError, TypeError):
        settings = dict(json.loads(dataset.attrs["settings"]))
    version = settings.get("format_version")
    if settings.get("format") != FORMAT or not isinstance(version, int):
        raise RecordError(
            f"{str(path)!r} is not a record of Backsweep: its attributes hold no "
            "settings.",
            hint="a record is a folder that `learn --save` or `Runs.save` wrote.",
        )
    if version > FORMAT_VERSION:
        raise RecordError(
            f"the record {str(path)!r} is from a newer version of Backsweep: its "
            "format is "
            f"{version}, this version reads up to {FORMAT_VERSION}.",
            hint=f"it was written by Backsweep {settings.get('version')}: install "
            "that or a later one.",
        )
    return settings


def _runs(dataset: xarray.Dataset, settings: dict[str, Any]) -> record.Runs:
    network = notation.parse(settings["network"])
    known = settings["task"]
    task = Task(
        name=known["name"],
        about=known["about"],
        source=known["source"],
        inputs=dataset["inputs"].values,
        desired=dataset["desired"].values,
        network=notation.parse(known["network"]),
        procedure=Procedure.from_dict(known["procedure"]),
        case_names=tuple(known["case_names"]),
        held_out=known["held_out"],
        held_out_cases=tuple(known["held_out_cases"]),
        published=known["published"],
    )
    plain = settings["recording"]
    recording = Recording(**plain | {"snapshots": tuple(plain["snapshots"])})
    procedure, grid = Procedure.from_dict(settings["procedure"]), None
    common = None
    if "grid" in settings:
        grid = Grid.from_dict(settings["grid"])
        common, procedure = procedure, grid.applied_to(procedure)
    return record.Runs(
        network=network,
        task=task,
        procedure=procedure,
        seed=settings["seed"],
        engine=settings["engine"],
        version=settings["version"],
        recording=recording,
        history=_history(dataset, network, recording),
        grid=grid,
        common=common,
    )


def _history(
    dataset: xarray.Dataset, network: Network, recording: Recording
) -> History:
    n_runs, snapshots = dataset.sizes["run"], recording.snapshots
    parameters = np.empty((n_runs, network.n_parameters * recording.ends))
    kept = np.empty((n_runs, len(snapshots), network.n_parameters))
    for block in network.blocks:
        name, _ = _labels(block)
        part = slice(block.start, block.stop)
        if recording.ends:
            parameters[:, part] = dataset[name].values.reshape(n_runs, -1)
        if snapshots:
            values = dataset[f"snapshots of {name}"].values
            kept[..., part] = values.reshape(n_runs, len(snapshots), -1)
    return History(
        run=dataset["run"].values,
        parameters=parameters,
        errors=dataset["errors"].values,
        snapshots=kept,
        held_out=dataset["held_out"].values,
        convergence=dataset["convergence"].values[:, None]
        if recording.convergence
        else np.empty((n_runs, 0)),
        **{name: dataset[name].values for name in RUN_ROWS},
    )
