"""Where the pages lie."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["PAGES"]

PAGES: Final = Path(__file__).parent / "pages"
