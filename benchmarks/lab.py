"""How long a person waits for the lab: the first page, a slider's step, an answer.

Measured in Chromium, by the page's own clock, in the order in which a person meets it:
the first page is usable once its first run is drawn; a step is all that the page does
between the slider's event and the picture, what it leaves for the next frame and the
layout included; an answer is from a setting's event until the run is drawn, and until
the thousand others are. Needs the extra `test` and Chromium. Run it with
`python benchmarks/lab.py`; JSON goes to standard output.
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
from datetime import UTC, datetime

import backsweep

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--no-first-run", "--disable-sync"]  # fmt: skip
READY = '.board[aria-busy="false"]'
ALL_READY = f"{READY} .others[aria-busy='false']"
SPIRALS = "page=plane&table=spirals&learn=yes"
SLIDERS = {
    "training curve, XOR": "sweep=0",
    "training curve, XOR, the mathematics": "sweep=0&level=maths",
    "training curve, parity of 3, 8 hidden units": "task=parity%3A3&hidden=8&sweep=0",
    "symmetry": "page=symmetry&sweep=0&view=both",
    "family trees": "page=families&sweep=0&view=both",
    "points": SPIRALS,
    "your data": "page=data&learn=yes",
}
EPSILONS = [round(0.3 + k / 100, 2) for k in range(21)]
ANSWERS = {
    "XOR, epsilon": ("sweep=600", "Epsilon", EPSILONS),
    "XOR, 8 hidden units, epsilon": ("hidden=8&sweep=600", "Epsilon", EPSILONS),
    "parity of 3, 8 hidden units, epsilon": (
        "task=parity%3A3&hidden=8&sweep=600", "Epsilon", EPSILONS,
    ),
    "XOR, hidden units, each for the first time": (
        "hidden=1&sweep=600", "Hidden units", [3, 4, 5, 6, 7],
    ),
}  # fmt: skip
STEPS = """async () => {
  const slider = document.querySelector("input.sweeps");
  const [low, high] = [Number(slider.min), Number(slider.max)];
  const step = Number(slider.step) || 1;
  const frame = () => new Promise(requestAnimationFrame);
  const taken = [];
  for (let k = 1; k <= 200; k++) {
    await frame();
    let began = 0;
    requestAnimationFrame(() => (began = performance.now()));
    const before = performance.now();
    const at = low + Math.round(((high - low) * k) / 200 / step) * step;
    slider.value = String(at === Number(slider.value) ? at - step : at);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const shown = performance.now();
    await new Promise((done) => requestAnimationFrame(() => {
      document.body.getBoundingClientRect();
      taken.push(shown - before + performance.now() - began);
      done();
    }));
  }
  return taken.sort((a, b) => a - b);
}"""
CHANGES = """async ({label, values, ready, others}) => {
  const until = (selector, before) => new Promise((done) => {
    const watching = new MutationObserver(() => {
      if (!document.querySelector(selector)) return;
      watching.disconnect();
      done(performance.now() - before);
    });
    watching.observe(document.body,
      {subtree: true, attributes: true, attributeFilter: ["aria-busy"]});
  });
  const taken = {run: [], thousand: []};
  const field = [...document.querySelectorAll("label")]
    .find((one) => one.textContent.startsWith(label)).control;
  for (const value of values) {
    field.value = String(value);
    const before = performance.now();
    field.dispatchEvent(new Event("change", {bubbles: true}));
    const run = until(ready, before);
    const thousand = until(others, before);
    taken.run.push(await run);
    taken.thousand.push(await thousand);
  }
  for (const times of Object.values(taken)) times.sort((a, b) => a - b);
  return taken;
}"""


def in_short(taken: list[float]) -> dict[str, float]:
    """Give the median, and what one in twenty exceeds; milliseconds, sorted."""
    return {
        "median_ms": round(statistics.median(taken), 2),
        "p95_ms": round(taken[len(taken) * 95 // 100], 2),
    }


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


def opened(chromium, address: str, state: str, ready: str):
    """Give a page that has nothing more to fetch."""
    page = chromium.new_page(viewport={"width": 1600, "height": 1000})
    page.goto(f"{address}&{state}")
    page.wait_for_selector(ready, state="attached")
    page.wait_for_selector("input.sweeps")
    page.wait_for_load_state("networkidle")
    return page


def measured(chromium, address: str, times: int) -> dict[str, object]:
    """Ask each question of each page in turn."""
    first = usable(chromium, address, times)
    steps, answers = {}, {}
    for name, state in SLIDERS.items():
        page = opened(chromium, address, state, "[aria-busy='false']")
        steps[name] = in_short(page.evaluate(STEPS))
        page.close()
    for name, (state, label, values) in ANSWERS.items():
        page = opened(chromium, address, state, ALL_READY)
        asked = {"label": label, "values": values, "ready": READY, "others": ALL_READY}
        taken = page.evaluate(CHANGES, asked)
        answers[name] = {what: in_short(times) for what, times in taken.items()}
        page.close()
    return {
        "usable_s": {"median": statistics.median(first), "most": first[-1]},
        "slider_step": steps,
        "answer_to_a_setting": answers,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=9)
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
            result = {
                "question": "how long a person waits for the lab",
                "date": datetime.now(UTC).date().isoformat(),
                "backsweep": backsweep.__version__,
                "chromium": chromium.version,
                "machine": platform.machine(),
                "cores": os.cpu_count(),
                "load_before": os.getloadavg()[0],
                "repetitions": times,
            } | measured(chromium, address, times)
    finally:
        lab.terminate()
        lab.wait(20)
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
