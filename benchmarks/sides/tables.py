"""Results as Markdown tables for people."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OURS: Final = "Backsweep"


def tables(result: dict[str, Any]) -> str:
    """Write all that was measured."""
    versions = ", ".join(
        f"{name} {version}" for name, version in result["versions"].items() if version
    )
    where = (
        f"{result['date']}, {result['processor']}, {result['cores']} cores, vectors of "
        f"{result['vector_bits']} bits; Backsweep {result['backsweep']}, Python "
        f"{result['python']}, {versions}."
    )
    parts = [where]
    if "cells" in result:
        peaks = ", ".join(
            f"{gflops:.0f} GFLOP/s in {precision}"
            for precision, gflops in result["peak_gflops_of_a_core"].items()
        )
        parts.append(f"Multiply-adds of a core at their most: {peaks}.")
        parts += _cells(result["cells"])
        parts += _compiling(result["compiling"], result["cells"])
    for name in ("million", "trainability"):
        if name in result:
            parts.append(_whole(result[name]))
    return "\n\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: float) -> str:
    """Write three figures, or whole thousands."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _group(cell: dict[str, Any]) -> tuple[str, str, int]:
    return cell["kind"], cell["precision"], cell["cores"]


def _cells(cells: list[dict[str, Any]]) -> list[str]:
    parts = []
    for (kind, precision, cores), group in itertools.groupby(
        sorted(cells, key=_group), key=_group
    ):
        own = list(group)
        what = {"ensembles": "Ensembles", "single": "One network"}[kind]
        many = f"{cores} core{'s' * (cores > 1)}"
        parts.append(
            f"**{what}, {precision}, {many}**: GCUPS of Backsweep, its share of the "
            "peak, and how many times as fast it is as each peer's best"
        )
        parts.append(_ratios(own))
    return parts


def _ratios(cells: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for cell in cells for name in cell["sides"]))
    names.remove(OURS)
    head = [
        "network",
        "weights",
        "cases",
        "us a sweep of a network",
        "GCUPS",
        "share",
        *names,
    ]
    return _table(head, (_row(cell, names) for cell in cells))


def _row(cell: dict[str, Any], names: list[str]) -> list[str]:
    ours = cell["sides"][OURS]
    ratios = [
        _number(cell["sides"][name]["times_as_fast_is_backsweep"]["median"])
        if name in cell["sides"]
        else "-"
        for name in names
    ]
    low, median, high = (_number(ours["gcups"][k]) for k in ("low", "median", "high"))
    return [
        cell["task"],
        str(cell["parameters"]),
        str(cell["cases"]),
        _number(ours["us_a_sweep"] / ours["runs"]),
        f"{median} ({low} to {high})",
        f"{100 * ours['share']:.0f} %",
        *ratios,
    ]


def _compiling(times: list[dict[str, Any]], cells: list[dict[str, Any]]) -> list[str]:
    """Compare what it takes until the first sweeps are done."""
    peers = ("JAX", "JAX, rewritten", "torch.compile")
    rows = []
    for own in times:
        kind = "single" if own["runs"] == 1 else "ensembles"
        found = [
            cell["sides"]
            for cell in cells
            if (cell["kind"], cell["task"], cell["precision"])
            == (kind, own["name"], own["precision"])
        ]
        sides = found[0] if found else {}
        rows.append(
            [
                own["name"],
                own["precision"],
                str(own["runs"]),
                *(_number(1000 * own[key]) for key in ("first_s", "cached_s")),
                *(
                    _number(1000 * sides[peer]["first_s"]) if peer in sides else "-"
                    for peer in peers
                ),
            ]
        )
    head = ["network", "precision", "runs", "first", "from the cache", *peers]
    return [
        "**Milliseconds until the first sweeps are done**, in a process that runs",
        _table(head, rows),
    ]


def _whole(entries: list[dict[str, Any]]) -> str:
    rows = [
        [f"`{own['command']}`", own["skipped"], "-", "-"]
        if "skipped" in own
        else [
            f"`{own['command']}`",
            _number(own["learning_s"]) if own["learning_s"] else "-",
            _number(own["whole_s"]),
            _number(own["peak_mb"]),
        ]
        for own in entries
    ]
    return _table(["command", "seconds of learning", "seconds", "MB at most"], rows)
