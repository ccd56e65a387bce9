"""Extent: how many bytes a record comes to, which may be more than its files have.

A description of twenty lines can promise an array of any size, and zarr fills what no
file holds. It is therefore read before the record is opened.
"""

from __future__ import annotations

import shlex
from itertools import zip_longest
from math import prod
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from backsweep.errors import RecordError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["bytes_of"]

DESCRIPTION: Final = "zarr.json"
MOST_SAID: Final = 20_000_000  # bytes of all descriptions; large records have a few MB
ITEM_BYTES: Final = {
    "bool": 1,
    **{f"{kind}{8 * size}": size for kind in ("int", "uint") for size in (1, 2, 4, 8)},
    "float32": 4,
    "float64": 8,
}
Size = Annotated[int, Field(ge=0)]


class _Chunks(BaseModel):
    chunk_shape: tuple[Size, ...]


class _Grid(BaseModel):
    name: Literal["regular"]
    configuration: _Chunks


class _Named(BaseModel):
    name: Literal["bytes", "zstd"]


class _Array(BaseModel):
    """What a description says of an array's size."""

    node_type: Literal["array"]
    shape: tuple[Size, ...]
    data_type: Any
    chunk_grid: _Grid
    codecs: tuple[_Named, ...]
    storage_transformers: tuple[()] = ()

    @property
    def n_bytes(self) -> int:
        """Bytes in memory, where a chunk is made whole even if little of it is used."""
        chunks = self.chunk_grid.configuration.chunk_shape
        axes = zip_longest(self.shape, chunks, fillvalue=1)
        return ITEM_BYTES[self.data_type] * prod(max(axis) for axis in axes)


class _Group(BaseModel):
    node_type: Literal["group"]
    consolidated_metadata: _Whole | None = None


Node = Annotated[_Array | _Group, Field(discriminator="node_type")]


class _Whole(BaseModel):
    """The descriptions of all arrays, which a record may hold a second time."""

    metadata: dict[str, Node] = {}


_Group.model_rebuild()  # which holds what is described after it
Reader: Final[TypeAdapter[Node]] = TypeAdapter(Node)


def bytes_of(record: Path) -> int:
    """Tell how many bytes a record has, in its files or once it is opened.

    Raises
    ------
    RecordError
        If a description cannot be read, is too long, or is of an array as no record
        has one: how much that comes to, is not known.
    """
    files = list(record.rglob("*"))
    stored = sum(file.lstat().st_size for file in files)
    described = [file for file in files if file.name == DESCRIPTION]
    said = sum(file.lstat().st_size for file in described)
    if said > MOST_SAID:
        raise RecordError(
            f"a record must describe itself in at most {MOST_SAID:,} bytes to be "
            f"opened here, got {said:,}.",
            hint="the command line has no such limit: backsweep show "
            f"{shlex.quote(str(record))}.",
        )
    apart = together = 0  # the arrays one by one, and as the record lists them
    for file in described:
        node = _read(file)
        if isinstance(node, _Array):
            apart += _size(node, file)
        elif node.consolidated_metadata is not None:
            together += sum(
                _size(one, file)
                for one in node.consolidated_metadata.metadata.values()
                if isinstance(one, _Array)
            )
    return max(stored, apart, together)


def _read(file: Path) -> _Array | _Group:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise RecordError(
            f"the description of {file.parent.name!r} must be readable, got: "
            f"{error.strerror or type(error).__name__}.",
            hint="allow the user who runs the lab to read the record.",
        ) from error
    try:
        return Reader.validate_json(raw)
    except ValidationError:
        raise RecordError(
            f"the record is damaged: the description of {file.parent.name!r} cannot be "
            "read, or is none that Backsweep writes.",
            hint="take it from a copy, or learn again.",
        ) from None


def _size(array: _Array, file: Path) -> int:
    kind = array.data_type
    if not isinstance(kind, str) or kind not in ITEM_BYTES:
        named = kind.get("name") if isinstance(kind, dict) else kind
        raise RecordError(
            f"a record must hold numbers alone, got {str(named)[:40]!r} in "
            f"{file.parent.name!r}.",
            hint="such a record was not written by Backsweep.",
        )
    return array.n_bytes
