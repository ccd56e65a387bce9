"""What `import backsweep` must not load, tried in a Python of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"

# Each costs a tenth of a second or more, or may not be installed.
LATER = {"fastapi", "jax", "llvmlite", "matplotlib", "pandas", "pyarrow", "pydantic",
         "rich", "scipy", "sklearn", "torch", "typer", "uvicorn", "xarray",
         "zarr"}  # fmt: skip

LOADED = """
import json, sys
sys.path.insert(0, sys.argv[1])
import backsweep
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def test_the_package_loads_only_what_it_needs():
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(SOURCE)],
        capture_output=True,
        check=True,
        text=True,
    )
    loaded = set(json.loads(done.stdout))
    assert "backsweep" in loaded
    assert loaded & LATER == set()
