"""The house rules a linter cannot state: which room may import what."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parents[1] / "src" / "backsweep"
MODULES = sorted(SOURCE.rglob("*.py"))
EXEMPT = {"__init__", "__main__"}  # the package's own doors open on every room

# A module may import from the layers to its left, and from its own.
LAYERS = ["errors", "door", "threefry", "activations", "network", "notation",
          "equations", "procedure", "grids", "tasks", "engines", "learning", "runs",
          "analysis", "figures", "claims", "formats", "estimators", "lab",
          "cli"]  # fmt: skip

# A library that not every user needs, or that is slow to load, has its rooms.
ROOMS = {
    "fastapi": {"lab"},
    "jax": {"engines"},
    "llvmlite": {"engines"},
    "matplotlib": {"figures"},
    "pandas": {"tasks", "runs"},
    "pyarrow": {"tasks", "runs"},
    "pydantic": {"lab"},
    "rich": {"cli"},
    "scipy": {"analysis", "claims"},
    "sklearn": {"estimators"},
    "starlette": {"lab"},
    "torch": set(),  # only to be compared with, in tests and benchmarks
    "typer": {"cli"},
    "uvicorn": {"lab"},
    "xarray": {"runs"},
    "zarr": {"runs"},
}


def layer(path):
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def name_of(path):
    return str(path.relative_to(SOURCE))


def imported_modules(path) -> Iterator[str]:
    """Give every module a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "backsweep":
            yield from (f"backsweep.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def imported_layers(path) -> Iterator[str]:
    for parts in (module.split(".") for module in imported_modules(path)):
        if parts[0] == "backsweep" and len(parts) > 1:
            yield parts[1]


in_each_room = pytest.mark.parametrize(
    "path", [path for path in MODULES if layer(path) not in EXEMPT], ids=name_of
)


@in_each_room
def test_imports_point_down(path):
    assert layer(path) in LAYERS, f"give {layer(path)} a place in LAYERS"
    rank = LAYERS.index(layer(path))
    for name in set(imported_layers(path)) & set(LAYERS):
        assert LAYERS.index(name) <= rank, f"{layer(path)} imports {name}"


@in_each_room
def test_rooms_import_from_rooms(path):
    """The package's front door would let a room reach what stands above it."""
    by_the_door = set(imported_layers(path)) - set(LAYERS) - {"__version__"}
    assert not by_the_door, f"{name_of(path)} imports these from `backsweep` itself"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_libraries_stay_in_their_rooms(path):
    for library in {module.split(".")[0] for module in imported_modules(path)}:
        rooms = ROOMS.get(library)
        assert rooms is None or layer(path) in rooms, (
            f"{library} is imported in {sorted(rooms or ())} only"
        )


def test_no_room_is_empty_of_modules():
    """The tests above would hold over nothing, had the source moved."""
    assert {layer(path) for path in MODULES} > {"errors", "network"}
