"""`python -m backsweep` is the command `backsweep`."""

from __future__ import annotations

from backsweep.cli import main

if __name__ == "__main__":
    main()
