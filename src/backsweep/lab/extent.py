"""Extent: how many bytes a record comes to, which may be more than its files have.

A description of twenty lines can promise an array of any size, and zarr fills what no
file holds. It is therefore read before the record is opened.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, Field, ValidationError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["bytes_of"]

VALUE_BYTES: Final = 8  # of a value of an array, at most


class _Array(BaseModel):
    """What a description says of an array's size; a group has none."""

    shape: tuple[Annotated[int, Field(ge=0)], ...] = (0,)

    @property
    def n_bytes(self) -> int:
        return VALUE_BYTES * prod(self.shape)


class _Whole(BaseModel):
    """The descriptions of all arrays, which a record may hold a second time."""

    metadata: dict[str, _Array] = {}


class _Description(_Array):
    consolidated_metadata: _Whole | None = None


def bytes_of(record: Path) -> int:
    """Tell how many bytes a record has, in its files or once it is opened.

    A description that cannot be read counts nothing: to open the record says why.
    """
    stored = apart = together = 0  # the arrays one by one, and as the record lists them
    for file in record.rglob("*"):
        stored += file.lstat().st_size
        if file.name == "zarr.json":
            said = _read(file)
            whole = said.consolidated_metadata
            apart += said.n_bytes
            together += sum(a.n_bytes for a in whole.metadata.values()) if whole else 0
    return max(stored, apart, together)


def _read(file: Path) -> _Description:
    try:
        return _Description.model_validate_json(file.read_bytes())
    except ValidationError:
        return _Description()
