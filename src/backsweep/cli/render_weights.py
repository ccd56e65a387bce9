"""Render weights: those of small networks as tables, of large ones the strongest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.console import Group
from rich.text import Text

from backsweep.cli.render import headed, plain_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

__all__ = ["strongest_weights", "weight_tables"]

WIDTH: Final = 76  # of a table of weights
MOST_STRONG: Final = 3  # weights of a unit that are named
MOST_UNITS: Final = 12  # of a layer, where only the strongest weights are named


def strongest_weights(blocks: list[dict[str, Any]]) -> Iterator[RenderableType]:
    """Show of each unit only the strongest weights, by the names of what sends."""
    for layer, own in _by_layer(blocks):
        rows = _rows(own)
        units = own[0]["units"]
        table = plain_table("", "strongest weights")
        for number, unit in enumerate(units[:MOST_UNITS]):
            heard = [(name, values[number]) for name, values in rows]
            heard.sort(key=lambda pair: -abs(pair[1]))
            said = ", ".join(f"{name} {_weight(w)}" for name, w in heard[:MOST_STRONG])
            table.add_row(unit, said)
        rest = len(units) - MOST_UNITS
        more = [Text(f"... {rest:,} more units: --json has all")] if rest > 0 else []
        yield headed(f"Weights into {layer}", Group(table, *more))


def weight_tables(blocks: list[dict[str, Any]]) -> Iterator[RenderableType]:
    """Show each layer's weights: what its units hear from, one table or several."""
    for layer, own in _by_layer(blocks):
        units = own[0]["units"]
        heads = [layer] if len(units) == 1 else units
        yield headed(f"Weights into {layer}", _matrix(heads, _rows(own)))


def _by_layer(
    blocks: list[dict[str, Any]],
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for layer in dict.fromkeys(block["to"] for block in blocks):
        yield layer, [block for block in blocks if block["to"] == layer]


def _rows(blocks: list[dict[str, Any]]) -> list[tuple[str, list[float]]]:
    """Name what a layer hears from, each with its weight into every unit."""
    rows: list[tuple[str, list[float]]] = []
    for block in blocks:
        if block["from"] is None:
            rows.append(("bias", block["values"]))
            continue
        turned = map(list, zip(*block["values"], strict=True))
        names = (_label(block["from"], source) for source in block["sources"])
        rows += zip(names, turned, strict=True)
    return rows


def _weight(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 1e5 else f"{value:.3g}"


def _label(layer: str, unit: str) -> str:
    """Name a unit by its own name, if it has one that is more than a number."""
    return f"{layer} {unit}" if unit.isdecimal() else unit


def _matrix(heads: list[str], rows: list[tuple[str, list[float]]]) -> RenderableType:
    """Set units as columns and what they hear from as rows, in parts if many."""
    room = WIDTH - max(len(name) for name, _ in rows)
    across = max(1, room // (2 + max(6, *map(len, heads))))
    tables = []
    for first in range(0, len(heads), across):
        part = range(first, min(first + across, len(heads)))
        table = plain_table(
            "", *(heads[k] for k in part), right=range(1, len(part) + 1)
        )
        for name, values in rows:
            table.add_row(name, *(_weight(values[k]) for k in part))
        tables.append(table)
    return Group(*_apart(tables))


def _apart(parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    for number, part in enumerate(parts):
        if number:
            yield ""
        yield part
