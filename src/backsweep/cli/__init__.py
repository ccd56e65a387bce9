"""The command line: one file a command; only here does anything print.

Nothing is imported at the top of these files but typer: `backsweep --help` is to
answer at once, so that NumPy, Rich and the other rooms wait for a command that needs
them.
"""

from __future__ import annotations

from backsweep.cli.app import app, main

__all__ = ["app", "main"]
