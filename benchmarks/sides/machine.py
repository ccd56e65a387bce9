"""What a result was measured on, and with what."""

from __future__ import annotations

import datetime as dt
import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import backsweep
from backsweep.engines.compiled import link

LIBRARIES: Final = ("jax", "jaxlib", "llvmlite", "numpy", "scikit-learn", "torch")


def machine() -> dict[str, Any]:
    """Give date, processor, cores, width of vectors in bits, and versions."""
    return {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "backsweep": backsweep.__version__,
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in LIBRARIES},
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "vector_bits": link.host_bits(),
    }


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    """Give the name that the system has for it, and where it hides that, the family."""
    facts: dict[str, str] = {}
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            facts.setdefault(name.strip(), value.strip())
    if "model name" not in facts:
        return platform.processor()
    numbers = (f"{name} {facts.get(name)}" for name in ("cpu family", "model"))
    return f"{facts['model name']}, {', '.join(numbers)}"
