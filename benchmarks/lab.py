"""How long a person waits for the lab's first page, and for a step of its slider.

Measured in Chromium, by the page's own clock: the page is usable once its first run is
drawn; a step is from the slider's event to the new layout. Needs the extra `test` and
Chromium. Run it with `python benchmarks/lab.py`; JSON goes to standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys

import backsweep

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--no-first-run", "--disable-sync"]  # fmt: skip
READY = '.board[aria-busy="false"]'
STATES = {"XOR, 2 hidden units": "", "parity of 3, 8": "task=parity%3A3&hidden=8&"}
STEPS = """async () => {
  const slider = document.querySelector("input.sweeps");
  const taken = [];
  for (let k = 1; k <= 200; k++) {
    const before = performance.now();
    slider.value = String(k * 3);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelector(".net svg").getBoundingClientRect();
    taken.push(performance.now() - before);
    await new Promise(requestAnimationFrame);
  }
  return taken.sort((a, b) => a - b);
}"""


def usable(chromium, address: str, times: int) -> list[float]:
    """Open the first page in a new context each time; seconds, sorted."""
    taken = []
    for _ in range(times):
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{address}&sweep=0")
        page.wait_for_selector(READY)
        taken.append(page.evaluate("() => performance.now()") / 1000)
        context.close()
    return sorted(taken)


def steps(chromium, address: str, state: str) -> dict[str, float]:
    """Move the slider 200 times; milliseconds."""
    page = chromium.new_page()
    page.goto(f"{address}&{state}sweep=0")
    page.wait_for_selector(READY)
    taken = page.evaluate(STEPS)
    page.close()
    return {"median_ms": taken[100], "p95_ms": taken[190]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=7)
    times = parser.parse_args().repetitions
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # after --help

    lab = subprocess.Popen(
        [sys.executable, "-m", "backsweep", "lab", "--no-open"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    address = (lab.stdout or sys.stdin).readline().strip()
    try:
        with sync_playwright() as driver:
            chromium = driver.chromium.launch(
                executable_path=shutil.which("chromium"), args=FLAGS
            )
            opened = usable(chromium, address, times)
            result = {
                "question": "how long a person waits for the lab",
                "backsweep": backsweep.__version__,
                "chromium": chromium.version,
                "machine": platform.machine(),
                "cores": os.cpu_count(),
                "usable_s": {"median": statistics.median(opened), "most": opened[-1]},
                "slider_step": {
                    name: steps(chromium, address, state)
                    for name, state in STATES.items()
                },
            }
    finally:
        lab.terminate()
        lab.wait(20)
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
