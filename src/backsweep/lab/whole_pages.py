"""Whole pages: one run of a table or of a record, kept as one HTML file.

What the page would ask the server for is put into the file: what came of all runs, one
run at all its moments, and a case of it. Of a table the file holds what its columns are
like and how its cases are called, and not their cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backsweep.lab import data
from backsweep.lab.messages import CaseAsked, RecordAsked, RecordCaseAsked, RunAsked
from backsweep.lab.single import in_one_file

if TYPE_CHECKING:
    from pydantic import BaseModel

    from backsweep.lab.messages import DataFile, RecordFile
    from backsweep.lab.records import Shelf

__all__ = ["of_record", "of_table"]


def of_table(wanted: DataFile) -> bytes:
    """Write the page of what was learned from a table as one HTML file."""
    settings = wanted.settings
    asked = RunAsked(settings=settings, run=wanted.run)
    seen = data.seen(settings.table)
    bare = tuple(column.model_copy(update={"first": ()}) for column in seen.columns)
    answers = {
        "api/data/table": ({}, _json(seen.model_copy(update={"columns": bare}))),
        "api/data/plan": (_plain(settings), _json(data.plan(settings))),
        "api/data/ensemble": (_plain(settings), data.ensemble(settings)),
        "api/data/run": (_plain(asked), data.one_run(asked)),
    }
    if wanted.case is not None:
        case = CaseAsked(settings=settings, run=wanted.run, case=wanted.case)
        answers["api/data/case"] = (_plain(case), data.one_case(case))
    return in_one_file(wanted.state, answers).encode()


def of_record(shelf: Shelf, wanted: RecordFile) -> bytes:
    """Write the page of a record as one HTML file."""
    asked = RecordAsked(name=wanted.name, run=wanted.run)
    answers = {
        "api/records/ensemble": (
            {"name": wanted.name},
            shelf.ensemble(RecordAsked(name=wanted.name)),
        ),
        "api/records/run": (_plain(asked), shelf.one_run(asked)),
    }
    if wanted.case is not None:
        case = RecordCaseAsked(**asked.model_dump(), case=wanted.case)
        answers["api/records/case"] = (_plain(case), shelf.one_case(case))
    return in_one_file(wanted.state, answers).encode()


def _plain(message: BaseModel) -> dict[str, Any]:
    return message.model_dump(mode="json")


def _json(message: BaseModel) -> bytes:
    return message.model_dump_json().encode()
