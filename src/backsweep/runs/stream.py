"""Stream: writes a dataset to Zarr some rows at a time, and its digests beside it.

What is in it may be larger than memory: no more than some rows are looked at at once.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import xarray
    from numpy.typing import NDArray

__all__ = ["digest", "text_digest", "write"]

ROWS_BYTES: Final = 16_000_000  # looked at at once, about
FILLS: Final = {"f": np.nan, "i": 0, "b": False}  # what Zarr takes for not written


def digest(values: NDArray[Any], rows: int | None = None) -> str:
    """Give the SHA-256 of an array's type, shape and numbers, some rows at a time."""
    found = hashlib.sha256(f"{values.dtype.str} {values.shape}".encode())
    if values.ndim == 0:
        found.update(values.tobytes())
        return found.hexdigest()
    rows = _rows(values) if rows is None else rows
    for first in range(0, len(values), rows):
        found.update(np.ascontiguousarray(values[first : first + rows]).tobytes())
    return found.hexdigest()


def _rows(values: NDArray[Any], unit: int = 1) -> int:
    """Say how many rows to look at at once: a multiple of a number."""
    a_row = max(1, values.nbytes // max(1, len(values)))
    return unit * max(1, ROWS_BYTES // (unit * a_row))


def text_digest(text: str) -> str:
    """Give the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def write(dataset: xarray.Dataset, path: Path) -> None:
    """Write a dataset and the digests of all that is in it.

    Parameters
    ----------
    dataset
        Its attributes hold its settings.
    path
        A folder that is made.
    """
    import zarr  # noqa: PLC0415  # heavy, and needed here only

    many = [
        str(name)
        for name, variable in dataset.data_vars.items()
        if variable.dims[:1] == ("run",)
    ]
    # Zarr does not write what is not there: this lays out arrays without their numbers.
    hollow = {
        name: (one.dims, np.broadcast_to(_fill(one.dtype), one.shape), one.attrs)
        for name, one in ((name, dataset[name]) for name in many)
    }
    dataset.assign(hollow).to_zarr(path, mode="w", zarr_format=3, consolidated=False)
    group = zarr.open_group(path, mode="r+", zarr_format=3)
    for name in many:
        _fill_in(group[name], dataset[name].values)
    digests = {str(name): digest(dataset[name].values) for name in dataset.variables}
    digests["settings"] = text_digest(dataset.attrs["settings"])
    group.attrs["digests"] = json.dumps(digests)


def _fill(dtype: np.dtype[Any]) -> NDArray[Any]:
    return np.array(FILLS[dtype.kind], dtype)


def _fill_in(array: Any, values: NDArray[Any]) -> None:
    """Write an array some chunks at a time."""
    rows = _rows(values, unit=array.chunks[0])
    for first in range(0, len(values), rows):
        array[first : first + rows] = values[first : first + rows]
