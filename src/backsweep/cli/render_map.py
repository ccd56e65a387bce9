"""Render map: what came of a grid, with a map in letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.text import Text

from backsweep.cli.gridded import axis_words, key
from backsweep.cli.render import grid, headed, plain_table, short_network, table_rows
from backsweep.cli.render_procedure import procedure_rows
from backsweep.cli.words import brief, counted, decimal, percent, several, took
from backsweep.procedure import Procedure

if TYPE_CHECKING:
    from rich.console import RenderableType

    from backsweep.cli.screen import Data

__all__ = ["grid_rows", "map_parts", "mapped"]


def mapped(data: Data) -> RenderableType:
    """Show what `map` gives: the settings, the map in letters, and its best cell."""
    procedure = Procedure.from_dict(data["procedure"])
    rows: list[tuple[str, Any]] = [
        ("source", data["source"]),
        *table_rows(data),
        ("network", short_network(data)),
        *procedure_rows(procedure),
        *grid_rows(data["map"]),
        ("engine", f"{data['engine']}, seed {data['seed']}"),
    ]
    if "seconds" in data:
        rate = brief(data["net_sweeps_per_second"])
        rows.append(
            ("took", f"{took(data['seconds'])}, {rate} sweeps of a network a second")
        )
    title = Text.assemble((data["task"], "bold"), "  ", data["about"])
    return Group(title, grid(rows), *map_parts(data["map"]))


def grid_rows(found: Data) -> list[tuple[str, str]]:
    """Say what was varied against what."""
    rows = [
        ("grid" if number == 0 else "", axis_words(axis))
        for number, axis in enumerate(found["axes"])
    ]
    total = found["cells"] * found["runs_to_a_cell"]
    each = several(found["runs_to_a_cell"], "run")
    rows.append(("", f"{several(found['cells'], 'cell')}, {each} to each: {total:,}"))
    return rows


def map_parts(found: Data) -> list[RenderableType]:
    """Show the cells of a grid: their map in letters, how they ended, the best."""
    parts: list[RenderableType] = []
    if "picture" in found:
        parts.append(headed(_what(found), _picture(found)))
    parts.append(headed("Cells", grid(_ends(found))))
    return parts


def _what(found: Data) -> str:
    about = str(found["about_map"])
    return about[:1].upper() + about[1:]


def _picture(found: Data) -> RenderableType:
    axes, lines = found["axes"], found["picture"]
    names = [f"{axis['values'][-1]:.4g}" for axis in axes[1:]]
    ends = [f"{axis['values'][0]:.4g}" for axis in axes[1:]]
    width = max(map(len, [*names, *ends, ""]))
    left = [""] * len(lines)
    if names:
        left[0], left[-1] = names[0], ends[0]
    rows = [f"{one:>{width}} {line}" for one, line in zip(left, lines, strict=True)]
    low, high = (f"{axes[0]['values'][end]:.4g}" for end in (0, -1))
    gap = max(2, len(lines[0]) - len(low) - len(high))
    rows.append(" " * (width + 1) + low + " " * gap + high)
    upwards = f", {axes[1]['setting']} upwards" if len(axes) > 1 else ""
    return Group(
        Text("\n".join(rows), no_wrap=True),
        Text(f"{axes[0]['setting']} to the right{upwards}", style="dim"),
        Text(key(found["show"], lines), style="dim"),
    )


def _ends(found: Data) -> list[tuple[str, RenderableType]]:
    table = plain_table("", "cells", "share", right=(1, 2))
    for name, count in found["counts"].items():
        table.add_row(name, counted(count), percent(count / found["cells"]))
    rows: list[tuple[str, RenderableType]] = [("", table)]
    best = found["best"]
    if best is not None:
        rows.append(("best", Text(_best(best, found), style="bold")))
    edge = found.get("boundary")
    if edge is not None:
        rows.append(("boundary", _boundary(edge)))
    return rows


def _best(best: Data, found: Data) -> str:
    names = [axis["setting"] for axis in found["axes"]]
    cell = ", ".join(f"{name} {best[name]:.6g}" for name in names)
    if "convergence" in best:
        return f"{cell}: converges the quickest, {decimal(best['convergence'])}"
    return (
        f"{cell}: {percent(best['share'])} learned, after "
        f"{counted(best['median'])} sweeps in the middle"
    )


def _boundary(edge: Data) -> str:
    text = f"runs through {percent(edge['share'])} of the map"
    if edge["dimension"] is None:
        return text
    return f"{text}, dimension {edge['dimension']:.2f} by counting boxes"
