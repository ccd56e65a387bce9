"""Stream: writes a dataset to Zarr some rows at a time, and its digests beside it.

What is in it may be larger than memory: no more than some rows are looked at at once,
and between two times Ctrl-C is heard.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import xarray
    from numpy.typing import NDArray

__all__ = ["digest", "text_digest", "write"]

ROWS_BYTES: Final = 4_000_000  # looked at at once, about
FILLS: Final = {"f": np.nan, "i": 0, "b": False}  # what Zarr takes for not written


class _StoppedError(Exception):
    """The wish to stop was heard."""


def _parts(values: NDArray[Any], stop: Event, unit: int = 1) -> Iterator[slice]:
    """Go through an array, a multiple of some rows at a time."""
    a_row = max(1, values.nbytes // max(1, len(values)))
    rows = unit * max(1, ROWS_BYTES // (unit * a_row))
    for first in range(0, len(values), rows):
        if stop.is_set():
            raise _StoppedError
        yield slice(first, first + rows)


def digest(
    values: NDArray[Any], stop: Event | None = None, *, plain: bool = False
) -> str:
    """Give the SHA-256 of an array's type, shape and numbers, NaN made plain or not."""
    found = hashlib.sha256(f"{values.dtype.str} {values.shape}".encode())
    if values.ndim == 0:
        found.update(values.tobytes())
        return found.hexdigest()
    for part in _parts(values, stop or Event()):
        some = _plain(values[part]) if plain else values[part]
        found.update(np.ascontiguousarray(some).tobytes())
    return found.hexdigest()


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
        A folder that is made; after a KeyboardInterrupt half of it is there.
    """
    # In a thread of its own: Zarr, interrupted, would go on writing unasked.
    stop = Event()
    with ThreadPoolExecutor(max_workers=1) as pool:
        written = pool.submit(_write, dataset, path, stop)
        try:
            written.result()
        except KeyboardInterrupt:
            stop.set()
            with contextlib.suppress(KeyboardInterrupt):  # pressed twice, it is one
                wait([written])
            wait([written])
            raise


def _write(dataset: xarray.Dataset, path: Path, stop: Event) -> None:
    import zarr  # noqa: PLC0415  # heavy, and needed here only

    many = [str(name) for name in dataset.data_vars]
    # Zarr does not write what is not there: this lays out arrays without their numbers.
    hollow = {
        name: (one.dims, np.broadcast_to(_fill(one.dtype), one.shape), one.attrs)
        for name, one in ((name, dataset[name]) for name in many)
    }
    dataset.assign(hollow).to_zarr(path, mode="w", zarr_format=3, consolidated=False)
    group = zarr.open_group(path, mode="r+", zarr_format=3)
    for name in many:
        array: Any = group[name]
        values = dataset[name].values
        for part in _parts(values, stop, unit=array.chunks[0]):
            array[part] = _plain(values[part])
    digests = {
        str(name): digest(dataset[name].values, stop, plain=True)
        for name in dataset.variables
    }
    digests["settings"] = text_digest(dataset.attrs["settings"])
    group.attrs["digests"] = json.dumps(digests)


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    """Give every NaN the same bits, as Zarr does where a chunk holds nothing else."""
    if values.dtype.kind != "f":
        return values
    return np.where(np.isnan(values), np.nan, values)


def _fill(dtype: np.dtype[Any]) -> NDArray[Any]:
    return np.array(FILLS[dtype.kind], dtype)
