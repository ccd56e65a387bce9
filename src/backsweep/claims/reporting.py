"""Reporting: the page and its figures into a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from backsweep.claims.drawing import draw
from backsweep.claims.page import page
from backsweep.errors import RecordError, SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backsweep.claims.claim import Row

__all__ = ["check_folder", "report"]


def report(rows: Sequence[Row], folder: str | Path, *, force: bool = False) -> Path:
    """Write the claims as one self-contained HTML page, and its figures as files.

    Parameters
    ----------
    rows
        What `measure` gave; at least one.
    folder
        Gets "index.html", and "figures/" with an SVG and a PDF of each figure. It is
        made if there is none.
    force
        Replace a report that is there.

    Returns
    -------
    Path
        Of the page.

    Raises
    ------
    RecordError
        If the folder holds a page and `force` is not set, or cannot be written. The
        page is written last: there is none that lacks something.
    SettingError
        If there are no rows.
    """
    if not rows:
        raise SettingError("`rows` must hold at least one claim, got none.")
    folder = Path(folder)
    check_folder(folder, force=force)
    plates = {plate.name: plate for row in rows for plate in row.finding.plates}
    drawn = {name: draw(plate) for name, plate in plates.items()}
    files: dict[str, bytes] = {}
    for name, one in drawn.items():
        files[f"figures/{name}.svg"] = one.svg
        files[f"figures/{name}.pdf"] = one.pdf
    files["index.html"] = page(rows, drawn).encode("utf-8")
    _write(folder, files)
    return folder / "index.html"


def check_folder(folder: str | Path, *, force: bool = False) -> None:
    """Raise unless a report can go there: worth asking before long measuring."""
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise RecordError(
            f"the report must go to a folder, got the file {str(folder)!r}."
        )
    if (folder / "index.html").exists() and not force:
        raise RecordError(
            f"the folder {str(folder)!r} holds a page and it is not overwritten.",
            hint="choose another name, or ask for it with force=True (--force).",
        )


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    part = folder / f".{os.getpid()}.part"
    try:
        (folder / "figures").mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            part.write_bytes(content)
            part.replace(folder / name)
    except OSError as error:
        raise RecordError(
            f"the report {str(folder)!r} cannot be written: {error.strerror or error}.",
            hint="make room, or choose another place.",
        ) from error
    finally:
        if part.parent.is_dir():
            part.unlink(missing_ok=True)
