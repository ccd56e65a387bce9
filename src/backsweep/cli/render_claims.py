"""Render claims: the letter's, published beside measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from backsweep.cli.render import grid
from backsweep.cli.words import percent, several

if TYPE_CHECKING:
    from rich.console import RenderableType

    from backsweep.cli.screen import Data

__all__ = ["listed", "measured"]

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
    parts: list[RenderableType] = []
    counts = dict.fromkeys(MARKS, 0)
    for row in data["claims"]:
        mark, style = MARKS[row["verdict"]]
        counts[row["verdict"]] += 1
        parts.append(Text.assemble((row["claim"], "bold"), "  ", row["words"]))
        rows: list[tuple[str, RenderableType]] = [
            ("published", f"{row['published']} ({row['place']})"),
            ("measured", f"{row['measured']} ({several(row['runs'], 'run')})"),
        ]
        if row["interval"] is not None:
            low, high = row["interval"]
            share = (
                f"{percent(row['share'])} of {row['share_of']}, "
                f"95 % interval {percent(low)} to {percent(high)}"
            )
            rows.append(("share", share))
        verdict = Text(f"{mark} {row['verdict']}", style=style)
        if row["verdict"] == "reproduced with other settings":
            verdict.append(f": {row['settings']}")
        rows.append(("verdict", verdict))
        parts.append(Padding(grid(rows), (0, 0, 1, 4)))
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    parts.append(
        Text(f"{several(len(data['claims']), 'claim')}: {said}.", style="bold")
    )
    return Group(*parts)
