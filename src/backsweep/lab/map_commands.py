"""The same map, or one of its cells, from the command line and from Python."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from backsweep.grids import RATE
from backsweep.lab.messages import TASKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backsweep.grids import Grid
    from backsweep.lab.messages import MapSettings
    from backsweep.network import Network
    from backsweep.procedure import Procedure

__all__ = ["cell_command", "cell_python", "command", "python"]


def command(settings: MapSettings, network: Network, grid: Grid, engine: str) -> str:
    """Say on the command line what draws the map."""
    words = _subject("map", settings, network)
    for axis in grid.axes:
        values = axis.values
        steps = "" if axis.setting == "alpha" else "log"
        words += _varied(
            axis.setting, f"{values[0]!r}:{values[-1]!r}:{len(values)}{steps}"
        )
    words += _all_else(settings, engine)
    if settings.show != "share":
        words += ["--show", settings.show]
    return shlex.join(words)


def cell_command(
    settings: MapSettings, network: Network, values: Mapping[str, float], engine: str
) -> str:
    """Say on the command line what learns with a cell's settings.

    Its starts are the first of all, not those that the cell has in the map.
    """
    words = _subject("learn", settings, network)
    for setting, value in values.items():
        words += _varied(setting, repr(value))
    return shlex.join(words + _all_else(settings, engine))


def _subject(verb: str, settings: MapSettings, network: Network) -> list[str]:
    words = ["backsweep", verb, settings.task]
    if settings.task in TASKS:
        words += ["--network", _shape(network)]
    return words


def _varied(setting: str, values: str) -> list[str]:
    if setting.startswith(RATE):
        return ["--rate", f"{setting.removeprefix(RATE)}={values}"]
    return [f"--{setting}", values]


def _all_else(settings: MapSettings, engine: str) -> list[str]:
    words = []
    for name, value in _given(settings).items():
        words += [f"--{name}", f"{value!r}"]
    words += ["--sweeps", str(settings.sweeps), "--runs", str(settings.runs)]
    words += ["--seed", str(settings.seed), "--engine", engine]
    if settings.update != "sweep":
        words += ["--update", settings.update]
    return words


def _shape(network: Network) -> str:
    return "-".join(str(layer.size) for layer in network.layers)


def _given(settings: MapSettings) -> dict[str, float]:
    """Give what was chosen and does not vary, by the words of the command line."""
    varied = {settings.x.setting, settings.y.setting}
    chosen = {
        "epsilon": settings.epsilon,
        "alpha": settings.alpha,
        "start": settings.start,
        "decay": settings.decay or None,
    }
    return {
        name: value
        for name, value in chosen.items()
        if value is not None and name not in varied
    }


def python(
    settings: MapSettings,
    network: Network,
    grid: Grid,
    engine: str,
    common: Procedure,
) -> str:
    """Say in Python what learns the map."""
    measured = "\n    convergence=True," if settings.show == "convergence" else ""
    return (
        _prepared(settings, grid, common.until)
        + f"runs = b.learn(\n    {_of(settings, network)} procedure=procedure,"
        f" grid=grid,\n    {_how(settings, engine)}\n"
        f"    every=procedure.sweeps, ends=False,{measured}\n)\n"
        f'runs.map("{settings.show}")\n'
    )


def cell_python(
    settings: MapSettings, network: Network, grid: Grid, engine: str, runs: range
) -> str:
    """Say in Python what learns the very runs of a cell."""
    return (
        _prepared(settings, grid, "end")
        + f"runs = b.learn(\n    {_of(settings, network)}\n"
        f"    procedure=grid.applied_to(procedure), runs={runs!r},\n"
        f"    {_how(settings, engine)}\n)\nruns.table\n"
    )


def _prepared(settings: MapSettings, grid: Grid, until: str) -> str:
    axes = "".join(
        f"        {axis.setting!r}: np."
        f"{'linspace' if axis.setting == 'alpha' else 'geomspace'}"
        f"({axis.values[0]!r}, {axis.values[-1]!r}, {len(axis.values)}),\n"
        for axis in grid.axes
    )
    given = _given(settings)
    spread = given.pop("start", None)
    changes = [f"{name}={value!r}" for name, value in given.items()]
    if spread is not None:
        changes.append(f"start=b.Start(b.Spread({spread!r}), b.Spread({spread!r}))")
    if settings.update != "sweep":
        changes.append(f"update={settings.update!r}")
    changes += [f"sweeps={settings.sweeps}", f"until={until!r}"]
    return (
        "from dataclasses import replace\n\nimport numpy as np\n\n"
        "import backsweep as b\n\n"
        f"grid = b.grid(\n    {{\n{axes}    }},\n    runs={settings.runs},\n)\n"
        f'procedure = replace(\n    b.task("{settings.task}").procedure,\n    '
        + ",\n    ".join(changes)
        + ",\n)\n"
    )


def _of(settings: MapSettings, network: Network) -> str:
    shape = f' network="{_shape(network)}",' if settings.task in TASKS else ""
    return f'task="{settings.task}",{shape}'


def _how(settings: MapSettings, engine: str) -> str:
    return f'seed={settings.seed}, engine="{engine}",'
