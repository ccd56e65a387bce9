"""Figures to files: SVG, PDF or PNG by suffix, all at once or not at all.

The same figure gives the same bytes: no dates, no random names.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from matplotlib import rc_context

from backsweep.errors import RecordError, SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

__all__ = ["SUFFIXES", "figure_bytes", "save_figure"]

# Metadata by format: what would change from day to day is left out.
SUFFIXES: Final[Mapping[str, Mapping[str, str | None]]] = MappingProxyType(
    {
        ".pdf": {"CreationDate": None, "Creator": "Backsweep", "Producer": None},
        ".png": {"Software": "Backsweep"},
        ".svg": {"Date": None, "Creator": "Backsweep"},
    }
)


def figure_bytes(figure: Figure, suffix: str) -> bytes:
    """Draw a figure as the content of a file.

    Parameters
    ----------
    figure
        Any figure; a PNG has its dots per inch.
    suffix
        ".svg", ".pdf" or ".png".
    """
    _check_suffix(suffix, suffix)
    content = io.BytesIO()
    with rc_context(_settings()):
        figure.savefig(
            content,
            format=suffix.lower()[1:],
            dpi=figure.dpi,
            facecolor=figure.get_facecolor(),
            metadata=dict(SUFFIXES[suffix.lower()]),
        )
    return content.getvalue()


def _settings() -> dict[Any, Any]:
    """Give what matplotlib takes from its settings only; letters stay letters."""
    return {"pdf.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "backsweep"}


def save_figure(figure: Figure, path: str | Path, *, force: bool = False) -> Path:
    """Write a figure to a file whose suffix says the format.

    Parameters
    ----------
    figure
        What to write.
    path
        Ends in ".svg", ".pdf" or ".png". The folder must exist.
    force
        Replace a file that exists.

    Returns
    -------
    Path
        Where it stands.

    Raises
    ------
    SettingError
        If the suffix is none of these.
    RecordError
        If the file exists and `force` is not set, or cannot be written; nothing
        half-written is left.
    """
    path = Path(path)
    check_target(path, force=force)
    content = figure_bytes(figure, path.suffix)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise RecordError(
            f"the figure {str(path)!r} cannot be written: {error.strerror or error}."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return path


def check_target(path: str | Path, *, force: bool = False) -> None:
    """Raise unless a figure can go there: worth asking before a long run."""
    path = Path(path)
    _check_suffix(path.suffix, str(path))
    if not path.parent.is_dir():
        raise RecordError(
            f"the folder of {str(path)!r} must exist, and does not.",
            hint=f"make it first: mkdir -p {str(path.parent)!r}.",
        )
    if path.is_dir():
        raise RecordError(
            f"the figure must go to a file, got the folder {str(path)!r}."
        )
    if path.exists() and not force:
        raise RecordError(
            f"the file {str(path)!r} exists and is not overwritten.",
            hint="choose another name, or ask for it with force=True (--force).",
        )


def _check_suffix(suffix: str, given: str) -> None:
    if suffix.lower() not in SUFFIXES:
        known = ", ".join(map(repr, sorted(SUFFIXES)))
        raise SettingError(
            f"a figure's name must end in one of {known}, got {given!r}."
        )
