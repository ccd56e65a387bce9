"""Whole pages: one run of a table or of a record, kept as one HTML file.

What the page would ask the server for is put into the file: what came of all runs, one
run at all its moments, and a case of it. Of a table the file holds what its columns are
like and how its cases are called, and not their cells; of a plane also where they lie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backsweep.lab import data
from backsweep.lab.examples import examples
from backsweep.lab.messages import (
    CaseAsked,
    PlaneAsked,
    RecordAsked,
    RecordCaseAsked,
    RunAsked,
    RunPlaneAsked,
)
from backsweep.lab.single import Answer, in_one_file

if TYPE_CHECKING:
    from pydantic import BaseModel

    from backsweep.lab.messages import DataFile, DataSettings, PlaneFile, RecordFile
    from backsweep.lab.records import Shelf

__all__ = ["of_plane", "of_record", "of_table"]


def of_table(wanted: DataFile) -> bytes:
    """Write the page of what was learned from a table as one HTML file."""
    settings = wanted.settings
    answers = _learned(settings, wanted.run)
    answers.append(("api/data/ensemble", _plain(settings), data.ensemble(settings)))
    if wanted.case is not None:
        case = CaseAsked(settings=settings, run=wanted.run, case=wanted.case)
        answers.append(("api/data/case", _plain(case), data.one_case(case)))
    return in_one_file(wanted.state, answers).encode()


def of_plane(wanted: PlaneFile) -> bytes:
    """Write the page of points with one run as one HTML file."""
    run = RunPlaneAsked(**wanted.model_dump(exclude={"state"}))
    asked = PlaneAsked(**run.model_dump(exclude={"run"}))
    answers = [
        *_learned(wanted.settings, wanted.run),
        ("api/table/examples", {}, _json(examples())),
        ("api/data/points", _plain(asked), data.plane_points(asked)),
        ("api/data/sheets", _plain(run), data.plane_sheets(run)),
    ]
    return in_one_file(wanted.state, answers).encode()


def _learned(settings: DataSettings, run: int) -> list[Answer]:
    """Answer what is asked of any table: its columns, the plan, and one run."""
    asked = RunAsked(settings=settings, run=run)
    seen = data.seen(settings.table)
    bare = tuple(column.model_copy(update={"first": ()}) for column in seen.columns)
    return [
        ("api/data/table", {}, _json(seen.model_copy(update={"columns": bare}))),
        ("api/data/plan", _plain(settings), _json(data.plan(settings))),
        ("api/data/run", _plain(asked), data.one_run(asked)),
    ]


def of_record(shelf: Shelf, wanted: RecordFile) -> bytes:
    """Write the page of a record as one HTML file."""
    asked = RecordAsked(name=wanted.name, run=wanted.run)
    answers: list[Answer] = [
        (
            "api/records/ensemble",
            {"name": wanted.name},
            shelf.ensemble(RecordAsked(name=wanted.name)),
        ),
        ("api/records/run", _plain(asked), shelf.one_run(asked)),
    ]
    if wanted.case is not None:
        case = RecordCaseAsked(**asked.model_dump(), case=wanted.case)
        answers.append(("api/records/case", _plain(case), shelf.one_case(case)))
    return in_one_file(wanted.state, answers).encode()


def _plain(message: BaseModel) -> dict[str, Any]:
    return message.model_dump(mode="json")


def _json(message: BaseModel) -> bytes:
    return message.model_dump_json().encode()
