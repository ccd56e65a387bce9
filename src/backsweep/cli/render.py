"""Render: data as what is printed: the welcome, tasks, networks, lists of records.

Every function takes plain values, as `--json` prints them, and gives something that a
Rich console prints. Nothing is told by colour alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from backsweep.cli.words import counted, percent, several, size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from backsweep.cli.screen import Data

__all__ = [
    "grid",
    "headed",
    "network",
    "plain_table",
    "records",
    "short_network",
    "table_rows",
    "task",
    "tasks",
    "welcome",
]

UNITS: Final = re.compile(r'\[(?:[^\[\]"]|"(?:[^"\\]|\\.)*")*\] ?')
MOST_ROWS: Final = 16  # cases of a task that are printed


def grid(rows: Iterable[tuple[str, RenderableType]]) -> Table:
    """Set names beside what they stand for."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, value)
    return table


def headed(title: str, body: RenderableType) -> Padding:
    """Set a heading above, and a blank line above that."""
    inner = Padding(body, (0, 0, 0, 2))
    return Padding(Group(Text(title, style="bold"), inner), (1, 0, 0, 0))


def short_network(data: Data) -> Text:
    """Write a network without the names of its units."""
    lines = [UNITS.sub("", line) for line in data["network"].splitlines()]
    # A name may be long, and hold a line end: what is left of it is no layer.
    gap = "  " if len(lines) == 1 else "\n"
    return Text("\n".join(lines) + f"{gap}({weights_and_biases(data)})")


def weights_and_biases(data: Data) -> str:
    """Count what a network learns."""
    return f"{data['parameters']:,} weights and biases"


def plain_table(*columns: str, right: Iterable[int] = ()) -> Table:
    """Begin a table with no more lines than one below its heads."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for number, name in enumerate(columns):
        table.add_column(name, justify="right" if number in set(right) else "left")
    return table


def welcome(version: str) -> RenderableType:
    """Say what to do first."""
    rows = (
        ("Watch one network learn", "backsweep learn symmetry"),
        ("and draw it", "backsweep learn symmetry --figure symmetry.svg"),
        ("Measure many", "backsweep learn symmetry --runs 400 --save symmetry.zarr"),
        ("Vary settings", "backsweep map xor --epsilon 0.1:30:32log --alpha 0:0.9:10"),
        ("A table of your own", "backsweep learn examples/iris.csv --desired species"),
        ("The letter, claim by claim", "backsweep reproduce"),
        ("What there is to learn", "backsweep tasks"),
        ("Look inside", "backsweep show symmetry.zarr --run 17"),
        ("Every option", "backsweep learn --help"),
    )
    table = Table.grid(padding=(0, 3))
    table.add_column()
    table.add_column(style="bold", overflow="fold")
    for about, command in rows:
        table.add_row(about, command)
    title = Text.assemble(
        (f"Backsweep {version}", "bold"),
        "  back-propagation exactly as the letter of 1986 describes it",
    )
    return Group(title, "", Padding(table, (0, 0, 0, 2)))


def tasks(data: Data) -> RenderableType:
    """List tasks with what they are, their size and their source."""
    parts: list[RenderableType] = []
    for entry in data["tasks"]:
        about = Text.assemble((entry["task"], "bold"), "  ", entry["about"])
        body = Group(
            entry["size"],
            *(f"{one['task']}  {one['about']}" for one in entry["variants"]),
            Text(entry["source"], style="dim"),
        )
        parts += [about, Padding(body, (0, 0, 1, 4))]
    parts.append("A CSV, TSV, Parquet or NPZ file with named columns is a task too.")
    return Group(*parts)


def network(data: Data) -> RenderableType:
    """Show a network's layers and links."""
    layers = plain_table("layer", "units", "activation", "biases", right=(1, 3))
    for layer in data["layers"]:
        layers.add_row(
            layer["name"],
            counted(layer["units"]),
            layer["activation"] or "input",
            counted(layer["biases"]) if layer["biases"] else "none",
        )
    links = plain_table("from", "to", "weights", "", right=(2,))
    for link in data["links"]:
        remarks = [link["kind"]] if link["kind"] != "full" else []
        remarks += [f"tied as {link['tie']}"] if link["tie"] else []
        remarks += [f"delay {link['delay']}"] if link["delay"] else []
        links.add_row(
            link["from"], link["to"], counted(link["weights"]), ", ".join(remarks)
        )
    return Group(
        Text(data["network"], style="bold"),
        headed("Layers, bottom to top", layers),
        headed("Links", links),
        headed("In all", Text(weights_and_biases(data))),
    )


def table_rows(data: Data) -> list[tuple[str, RenderableType]]:
    """Say of a table how many rows it has, and what became of missing values."""
    found = data.get("rows")
    if not found:
        return []
    text = several(found["in_file"], "row")
    if found["left_out"]:
        text += f", {found['left_out']:,} left out because a value is missing"
    if found["filled"]:
        text += f", missing values filled in {found['filled']:,} of them"
    return [("table", text)]


def task(data: Data) -> RenderableType:
    """Show what a task is, its recipe and its first cases."""
    from backsweep.cli.render_procedure import procedure_rows  # noqa: PLC0415  # see the room's docstring
    from backsweep.procedure import Procedure  # noqa: PLC0415  # as above

    cases = data["cases"]
    how_many = several(len(cases), "case")
    if data["held_out"]:
        how_many += f", {data['held_out']:,} of them held out"
    rows: list[tuple[str, RenderableType]] = [
        ("source", data["source"]),
        *table_rows(data),
        ("cases", how_many),
        ("network", short_network(data)),
    ]
    rows.extend(procedure_rows(Procedure.from_dict(data["procedure"])))
    for name, value in data["published"].items():
        rows.append(("published", f"{name.replace('_', ' ')}: {value:,g}"))
    table = plain_table("case", "on or given", "desired")
    for case in cases[:MOST_ROWS]:
        table.add_row(
            case["case"],
            active(case["inputs"], data["inputs"]),
            active(case["desired"], data["outputs"]),
        )
    if len(cases) > MOST_ROWS:
        table.add_row("...", f"and {len(cases) - MOST_ROWS:,} more: --json has all", "")
    title = Text.assemble((data["task"], "bold"), "  ", data["about"])
    return Group(title, grid(rows), headed("Cases", table))


def active(values: list[float], names: list[str]) -> str:
    """Write a case: bits as bits, one-hot words by name, numbers as numbers."""
    if any(value not in (0, 1) for value in values):
        shown = ", ".join(f"{value:.2f}" for value in values[:8])
        return shown + (", ..." if len(values) > 8 else "")
    has_names = any(not name.isdecimal() for name in names)
    if not has_names:
        return "".join(f"{value:.0f}" for value in values)
    on = [name for name, value in zip(names, values, strict=True) if value]
    return ", ".join(on) or "none"


def records(data: Data) -> RenderableType:
    """List records, and what was broken off."""
    if not data["records"]:
        return Group(
            f"There are no records in {data['folder']!r}.",
            "backsweep learn symmetry --runs 400 --save symmetry.zarr makes one.",
        )
    table = plain_table(
        "record", "task", "network", "runs", "learned", "median", "seed", "size",
        right=(3, 4, 5, 6, 7),
    )  # fmt: skip
    for column in table.columns[:3]:
        column.overflow = "fold"  # a name cut short names nothing
    for column in table.columns[3:]:
        column.no_wrap = True
    troubles: list[RenderableType] = []
    for entry in data["records"]:
        table.add_row(*_record_row(entry))
        if entry["state"] == "unreadable":
            troubles.append(Text(f"unreadable: {entry['trouble']}"))
        if entry["state"] == "broken off":
            done = f"{entry['done']:,} of {entry['runs']:,} runs are done"
            troubles.append(
                Text(f"broken off: {entry['record']}: {done}; go on with --resume.")
            )
    return Group(table, *([""] if troubles else []), *troubles)


def _record_row(entry: dict[str, Any]) -> list[str]:
    taken = size(entry["bytes"])
    if entry["state"] == "unreadable":
        return [entry["record"], "unreadable", "", "", "", "", "", taken]
    lines = entry["network"].splitlines()
    shown = lines[0] if len(lines) == 1 else f"{len(lines)} layers"
    if entry["state"] == "broken off":
        done = f"{entry['done']:,}/{entry['runs']:,}"
        return [
            entry["record"],
            entry["task"],
            shown,
            done,
            "broken off",
            "",
            str(entry["seed"]),
            taken,
        ]
    share = entry["learned_share"]
    return [
        entry["record"],
        entry["task"],
        shown,
        counted(entry["runs"]),
        "" if share is None else percent(share),
        "" if entry["median"] is None else counted(entry["median"]),
        str(entry["seed"]),
        taken,
    ]
