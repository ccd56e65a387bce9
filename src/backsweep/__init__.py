"""Backsweep: learning by back-propagation, and reading what hidden units become.

Names are fetched when they are first asked for, so that `import backsweep` and
`backsweep --help` cost nothing that they do not need.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backsweep.errors import BacksweepError, FitWarning
    from backsweep.grids import Axis, Grid, grid
    from backsweep.network import Layer, Link, Network
    from backsweep.notation import parse, written
    from backsweep.procedure import Criterion, Procedure, Spread, Stage, Start
    from backsweep.runs import Runs, learn, open_runs as open  # noqa: A004  # backsweep.open("xor.zarr") reads as it should
    from backsweep.tasks import Task, named as task
    from backsweep.tasks.table import read_table

__all__ = [
    "Axis",
    "BacksweepError",
    "Criterion",
    "FitWarning",
    "Grid",
    "Layer",
    "Link",
    "Network",
    "Procedure",
    "Runs",
    "Spread",
    "Stage",
    "Start",
    "Task",
    "__version__",
    "grid",
    "learn",
    "open",
    "parse",
    "read_table",
    "task",
    "written",
]

__version__ = "0.1.0"

_ROOMS = {
    "errors": ("BacksweepError", "FitWarning"),
    "grids": ("Axis", "Grid", "grid"),
    "network": ("Layer", "Link", "Network"),
    "notation": ("parse", "written"),
    "procedure": ("Criterion", "Procedure", "Spread", "Stage", "Start"),
    "runs": ("Runs", "learn", "open"),
    "tasks": ("Task", "task"),
    "tasks.table": ("read_table",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


_CALLED = {"open": "open_runs", "task": "named"}  # inside their rooms

# Rooms that one looks into by name: backsweep.equations.backward.
_DOORS = ("analysis", "claims", "engines", "equations", "figures", "tasks")


def __getattr__(name: str) -> Any:
    if name in _DOORS:
        return importlib.import_module(f"backsweep.{name}")
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'backsweep' has no attribute {name!r}")
    room = importlib.import_module(f"backsweep.{_ROOM_OF[name]}")
    value = getattr(room, _CALLED.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
