"""Render claims: the letter's, published beside measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from backsweep.cli.render import grid
from backsweep.cli.words import counted, percent, several

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from backsweep.cli.screen import Data

__all__ = ["listed", "measured"]

ROOM: Final = 78  # columns that a table of claims needs
MARKS: Final = {  # a mark besides the colour
    "reproduced": ("+", "green"),
    "reproduced with other settings": ("~", "yellow"),
    "not reproduced": ("-", "red"),
}


def listed(data: Data) -> RenderableType:
    """List claims that can be measured."""
    parts: list[RenderableType] = []
    for claim in data["claims"]:
        parts.append(Text.assemble((claim["claim"], "bold"), "  ", claim["words"]))
        rows = (
            ("published", f"{claim['published']} ({claim['place']})"),
            ("reproduced if", claim["rule"]),
            ("usual runs", f"{claim['runs']:,}"),
        )
        parts.append(Padding(grid(rows), (0, 0, 1, 4)))
    return Group(*parts)


def measured(data: Data) -> RenderableType:
    """Show every claim with what was published, what was measured, and the verdict."""
    counts = dict.fromkeys(MARKS, 0)
    for row in data["claims"]:
        counts[row["verdict"]] += 1
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    total = Text(f"{several(len(data['claims']), 'claim')}: {said}.", style="bold")
    return Group(Fitting(data["claims"]), "", total)


@dataclass(frozen=True, slots=True)
class Fitting:
    """Claims as a table where there is room for one, else one below the other."""

    rows: list[dict[str, Any]]

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        room = options.max_width
        yield _table(self.rows, room) if room >= ROOM else _list(self.rows)


def _table(rows: list[dict[str, Any]], room: int) -> Table:
    table = Table(
        box=SIMPLE_HEAD, pad_edge=False, header_style="dim", leading=1, expand=True
    )
    names, places = ["claim"], ["published"]
    for row in rows:
        names += [row["claim"], *row["words"].split()]
        places += [*row["published"].split(), *row["place"].split()]
    # No word is broken: each column is at least as wide as its longest.
    table.add_column("claim", width=max(18, *map(len, names)))
    third = (room - 45) // 3  # of what the other two columns leave
    table.add_column("published", width=max(third, *map(len, places)))
    table.add_column("measured", ratio=1)
    table.add_column("verdict", width=14)
    told: set[str] = set()
    for row in rows:
        words = Text.assemble((row["claim"], "bold"), "\n", row["words"])
        published = Text.assemble(row["published"], "\n", (row["place"], "dim"))
        found = Text.assemble(_measured(row), (_settings(row, told), "dim"))
        table.add_row(words, published, found, _verdict(row))
    return table


def _settings(row: dict[str, Any], told: set[str]) -> str:
    """Name other settings where they come first; say then that they are the same."""
    if row["verdict"] != "reproduced with other settings":
        return ""
    known = row["settings"] in told
    told.add(row["settings"])
    return "\nwith the same settings" if known else f"\nwith {row['settings']}"


def _list(rows: list[dict[str, Any]]) -> Group:
    parts: list[RenderableType] = []
    told: set[str] = set()
    for row in rows:
        lines: list[tuple[str, RenderableType]] = [
            ("published", f"{row['published']} ({row['place']})"),
            ("measured", _measured(row) + _settings(row, told)),
        ]
        lines += [("share", share) for share in _share(row)]
        lines.append(("verdict", _verdict(row)))
        parts.append(Text.assemble((row["claim"], "bold"), "  ", row["words"]))
        parts.append(Padding(grid(lines), (0, 0, 1, 4)))
    return Group(*parts)


def _measured(row: dict[str, Any]) -> str:
    allowed = {point["epsilon"]: point["sweeps"] for point in _points(row)}
    limits = [f"{counted(most)} at epsilon {at:g}" for at, most in allowed.items()]
    limit = f"; sweeps at most {', '.join(limits)}" if limits else ""
    return f"{row['measured']} ({several(row['runs'], 'run')}{limit})"


def _points(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the settings that a claim about getting stuck has tried."""
    points = row.get("details", {}).get("grid", [])
    return [point for point in points if "sweeps" in point]


def _share(row: dict[str, Any]) -> list[str]:
    if row["interval"] is None or row["share"] is None:
        return []
    low, high = map(percent, row["interval"])
    share = f"{percent(row['share'])} of {row['share_of']}"
    return [f"{share}, 95 % interval {low} to {high}"]


def _verdict(row: dict[str, Any]) -> Text:
    mark, style = MARKS[row["verdict"]]
    return Text(f"{mark} {row['verdict']}", style=style)
