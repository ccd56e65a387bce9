"""Packing: a message with arrays behind it, as one body of bytes.

Four bytes say how long the message is, in little-endian order; the message follows as
JSON, filled up with blanks to a multiple of eight bytes; then the arrays, each at its
offset. The pages read it without copying (`shared/packing.js`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import numpy as np

from backsweep.lab.messages import ArrayPlace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pydantic import BaseModel

__all__ = ["MEDIA_TYPE", "levels", "packed", "unpacked"]

MEDIA_TYPE: Final = "application/octet-stream"
GRAIN: Final = 8  # every array begins at a multiple of so many bytes


class WithArrays(Protocol):
    """Makes a message, once it is known where the arrays lie."""

    def __call__(self, *, arrays: tuple[ArrayPlace, ...]) -> BaseModel:
        """Make it."""
        ...


def packed(make: WithArrays, arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Put a message and its arrays into one body.

    Parameters
    ----------
    make
        Gives the message for the places of its arrays.
    arrays
        By name; float32, int32, uint16 or uint8.
    """
    places, parts, offset = [], [], 0
    for name, values in arrays.items():
        raw = np.ascontiguousarray(values).tobytes()
        places.append(
            ArrayPlace(
                name=name,
                dtype=cast(Any, values.dtype.name),
                shape=values.shape,
                offset=offset,
            )
        )
        parts.append(raw + bytes(-len(raw) % GRAIN))
        offset += len(parts[-1])
    message = make(arrays=tuple(places)).model_dump_json().encode()
    message += b" " * (-(len(message) + 4) % GRAIN)
    return b"".join([len(message).to_bytes(4, "little"), message, *parts])


def unpacked(body: bytes) -> tuple[bytes, bytes]:
    """Split a body into its message, as JSON, and the bytes of its arrays.

    Examples
    --------
    >>> unpacked((8).to_bytes(4, "little") + b'{"a": 1}' + b"rest")
    (b'{"a": 1}', b'rest')
    """
    length = int.from_bytes(body[:4], "little")
    return body[4 : 4 + length], body[4 + length :]


def levels(values: NDArray[Any]) -> NDArray[np.uint16]:
    """Round numbers from 0 to 1 to levels from 0 to 65,535; no number becomes 0.

    Examples
    --------
    >>> levels(np.array([0.0, 0.5, 1.0]))
    array([    0, 32768, 65535], dtype=uint16)
    """
    scaled: NDArray[Any] = np.fmax(values, 0)  # the 0 where the other is no number
    scaled *= 65535
    scaled += 0.5
    return scaled.astype(np.uint16)
