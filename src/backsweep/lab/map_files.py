"""A map to be taken along: its record, or its page as one HTML file."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from backsweep.lab import ensembles
from backsweep.lab.messages import (
    DrawMap,
    Made,
    MapCellWanted,
    MapFinished,
    Progress,
)
from backsweep.lab.packing import packed
from backsweep.lab.single import Answer, in_one_file
from backsweep.lab.zipped import archived
from backsweep.learning.gather import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backsweep.lab.messages import MapSettings, TakeMap
    from backsweep.lab.parcels import Parcels

__all__ = ["HTML", "ZIP", "take"]

ZIP: Final = "application/zip"
HTML: Final = "text/html; charset=utf-8"
OF_A_RUN: Final = 8 * 17 * 3  # bytes on disk: as rows, in the record, in the archive
OF_A_CELL: Final = 4 * 3 * 2  # in the page
OF_A_PAGE: Final = 4_000_000


def take(parcels: Parcels, work: TakeMap, identifier: str) -> Iterator[Progress]:
    """Make what is to be taken along, with a report after every part of it.

    Yields
    ------
    Progress
        The last one has the ticket with which it is fetched.
    """
    forms = {"record": _record, "page": _page}
    yield from forms[work.form](parcels, work, identifier)


def _record(parcels: Parcels, work: TakeMap, identifier: str) -> Iterator[Progress]:
    """Learn over the finest cells, some columns at a time, and put the runs together.

    It is the record of `backsweep map --save`, to the bit.
    """
    settings = work.settings
    at = ensembles.checked(settings)
    total = at.grid.n_runs
    with parcels.making(OF_A_RUN * total) as folder:
        last = None
        with Gathering(range(total), folder) as gathering:
            for columns, runs in ensembles.by_columns(at, settings):
                of_a_column = at.grid.shape[1] * settings.runs
                first, stop = (of_a_column * n for n in (columns.start, columns.stop))
                gathering.take(range(first, stop), runs.history)
                last = runs
                yield Progress(id=identifier, done=stop, total=total, so_far=Made())
            history = gathering.history()
            if last is None or history is None:
                raise AssertionError("a map has columns")
            path = folder / f"{_stem(settings)}.zarr"
            whole = replace(last, history=history, grid=at.grid, common=at.common)
            whole.save(path)
        archive = archived(path)
        size = archive.stat().st_size
        made = Made(ticket=parcels.put(archive, ZIP), size_bytes=size)
    yield Progress(id=identifier, done=total, total=total, so_far=made)


def _page(parcels: Parcels, work: TakeMap, identifier: str) -> Iterator[Progress]:
    """Put the drawn map into its page; one that is not held is drawn again."""
    settings = work.settings
    plan = ensembles.plan(settings)
    done = total = settings.cells**2
    with parcels.making(OF_A_PAGE + OF_A_CELL * total) as folder:
        if ensembles.drawn(settings) is None:
            drawing = DrawMap(work="draw map", settings=settings)
            for report in ensembles.draw(drawing, identifier):
                done, total = report.done, report.total
                yield Progress(id=identifier, done=done, total=total, so_far=Made())
        drawn = ensembles.drawn(settings)
        if drawn is None:
            raise AssertionError("what was drawn this moment is held")
        answers: list[Answer] = [
            (
                "api/map/kept",
                {},
                packed(
                    partial(
                        MapFinished,
                        settings=settings,
                        plan=plan,
                        summary=drawn.summary,
                        cell=work.cell,
                    ),
                    {"values": drawn.values},
                ),
            )
        ]
        if work.cell is not None:
            column, row = work.cell
            wanted = MapCellWanted(
                settings=settings, level=settings.cells, column=column, row=row
            )
            request = {"level": settings.cells, "column": column, "row": row}
            answers.append(("api/map/cell", request, ensembles.cell(wanted)))
        file = folder / "page.html"
        file.write_text(in_one_file(work.state, answers), "utf-8")
        size = file.stat().st_size
        made = Made(ticket=parcels.put(file, HTML), size_bytes=size)
    yield Progress(id=identifier, done=total, total=total, so_far=made)


def _stem(settings: MapSettings) -> str:
    return f"{settings.task.replace(':', '-')}-map"
