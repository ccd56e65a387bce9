"""`backsweep runs`: the records in a folder, also those that were broken off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from backsweep.cli import options
from backsweep.cli.screen import Data, Screen
from backsweep.errors import DataError, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["runs"]

FOLDER = typer.Argument(
    metavar="FOLDER", help="Where to look; this folder if left out."
)  # fmt: skip


def runs(
    context: typer.Context,
    folder: Annotated[str, FOLDER] = ".",
    *,
    json: Annotated[bool, options.JSON] = False,
    debug: Annotated[bool, options.DEBUG] = False,
) -> None:
    """List the records in a folder, and how far those are that were broken off."""
    from pathlib import Path  # noqa: PLC0415  # see the room's docstring

    from backsweep.cli import render  # noqa: PLC0415  # as above

    screen = Screen.of(context)
    screen.as_json, screen.debug = json, debug
    place = Path(folder)
    if not place.is_dir():
        raise DataError(f"`FOLDER` must be a folder, got {folder!r}.")
    if screen.shows_progress:
        with screen.err.status("reading records"):
            found = list(_records(place))
    else:
        found = list(_records(place))
    screen.show({"folder": folder, "records": found}, render.records)


def _records(place: Path) -> Iterator[Data]:
    from backsweep.learning.shelf import PARTIAL  # noqa: PLC0415  # as above

    for path in sorted(place.iterdir()):
        if path.name.startswith(".") or not path.is_dir():
            continue
        if path.name.endswith(PARTIAL):
            yield from _broken_off(path)
        elif (path / "zarr.json").exists():
            yield _finished(path)


def _finished(path: Path) -> Data:
    from backsweep.runs import open_runs  # noqa: PLC0415  # as above

    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    entry: Data = {"record": path.name, "state": "complete", "bytes": size}
    try:
        record = open_runs(path)
    except RecordError as error:
        return entry | {"state": "unreadable", "trouble": error.message}
    found = record.summary()
    for name in ("task", "network", "runs", "seed", "outcomes", "learned_share"):
        entry[name] = found[name]
    entry["median"] = found["sweeps_to_learn"]["p50"]
    return entry


def _broken_off(path: Path) -> Iterator[Data]:
    from backsweep.cli.partial import read_partial  # noqa: PLC0415  # as above

    partial = read_partial(path)
    if partial is None:
        return
    size = sum(file.stat().st_size for file in path.iterdir())
    entry: Data = {"record": path.name, "state": "broken off", "bytes": size}
    for name in ("task", "network", "seed"):
        entry[name] = partial.settings[name]
    yield entry | {"runs": partial.runs, "done": partial.done}
