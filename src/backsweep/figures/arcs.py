"""Arcs between nodes, and the places on them where numbers hide nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Arc", "place_labels"]

Point = tuple[float, float]

# Shares of the way along an arc where its number may stand.
SHARES: Final = np.linspace(0.14, 0.86, 49)
ROUNDS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """One connection on the sheet.

    Parameters
    ----------
    points : ndarray of shape (n_points, 2)
        The way from the sending to the receiving node.
    weight
        None for a connection without one.
    row
        Arcs of one row have their numbers side by side: those into one unit.
    """

    points: NDArray[np.float64]
    weight: float | None
    row: tuple[str, int]

    @classmethod
    def between(
        cls,
        start: Point,
        end: Point,
        *,
        weight: float | None,
        row: tuple[str, int],
        bulge: float = 0.0,
    ) -> Arc:
        """Make a straight arc, or one that bulges sideways by so many points."""
        first, last = np.array(start), np.array(end)
        if not bulge:
            return cls(points=np.stack([first, last]), weight=weight, row=row)
        rise = (last[1] - first[1]) or abs(bulge)  # a link within a layer goes over it
        low = first + np.array([bulge, 0.25 * rise])
        fall = -rise if last[1] != first[1] else rise
        high = last + np.array([bulge, 0.25 * fall])
        t = np.linspace(0.0, 1.0, 33)[:, None]
        curve = (
            (1 - t) ** 3 * first
            + 3 * (1 - t) ** 2 * t * low
            + 3 * (1 - t) * t**2 * high
            + t**3 * last
        )
        return cls(points=curve, weight=weight, row=row)

    def at(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points at shares of the way: shape (n_shares, 2)."""
        steps = np.linspace(0.0, 1.0, len(self.points))
        return np.stack(
            [np.interp(shares, steps, self.points[:, k]) for k in (0, 1)], axis=-1
        )


def place_labels(
    arcs: list[Arc], boxes: list[Point], nodes: list[tuple[float, float, float]]
) -> tuple[list[Point], float]:
    """Find places on the arcs where boxes cover no node and no other box.

    First the numbers into each unit are moved up and down together, so that they
    stand on one line; then each alone, if that was not enough.

    Parameters
    ----------
    arcs
        Each has one box.
    boxes
        Width and height of each.
    nodes
        x, y and radius of what must stay free.

    Returns
    -------
    places, overlap
        The centre of each box, and how much area is covered twice.
    """
    sheet = _Sheet(arcs, boxes, nodes)
    groups: dict[tuple[str, int], list[int]] = {}
    for k, arc in enumerate(arcs):
        groups.setdefault(arc.row, []).append(k)
    sheet.improve(list(groups.values()))
    if sheet.overlap():
        sheet.improve([[k] for k in range(len(arcs))])
    return [(float(x), float(y)) for x, y in sheet.centres()], sheet.overlap()


class _Sheet:
    """Boxes on arcs, each at one of SHARES."""

    def __init__(
        self,
        arcs: list[Arc],
        boxes: list[Point],
        nodes: list[tuple[float, float, float]],
    ) -> None:
        self.spots = np.stack([arc.at(SHARES) for arc in arcs])  # (n_arcs, n_shares, 2)
        self.sizes = np.array(boxes)  # (n_arcs, 2)
        self.nodes = np.array(nodes).reshape(-1, 3)  # (n_nodes, 3)
        self.chosen = np.full(len(arcs), len(SHARES) // 3)
        self.fixed = self._fixed_costs(arcs)  # (n_arcs, n_shares)

    def _fixed_costs(self, arcs: list[Arc]) -> NDArray[np.float64]:
        """Count node area covered, other arcs crossed, and distance from a third."""
        cost = np.zeros(self.spots.shape[:2])
        for k in range(len(arcs)):
            cost[k] += self._node_overlap(self.spots[k], self.sizes[k])
            for other, arc in enumerate(arcs):
                if other != k:
                    crossed = _crosses(self.spots[k], self.sizes[k], arc)
                    cost[k] += 0.02 * self.sizes[k].prod() * crossed
        centred: NDArray[np.float64] = (
            cost + 0.4 * self.sizes.prod(axis=1)[:, None] * (SHARES - 0.35) ** 2
        )
        return centred

    def _node_overlap(
        self, spots: NDArray[np.float64], size: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        gaps = np.abs(spots[:, None] - self.nodes[:, :2])  # (n_shares, n_nodes, 2)
        shared = np.clip(size / 2 + self.nodes[:, 2:] * 0.95 - gaps, 0, None)
        area: NDArray[np.float64] = 10 * shared.prod(axis=-1).sum(axis=-1)
        return area

    def _box_overlap(self, k: int, others: NDArray[np.bool_]) -> NDArray[np.float64]:
        centres = self.centres()[others]
        gaps = np.abs(self.spots[k][:, None] - centres)  # (n_shares, n_others, 2)
        shared = np.clip((self.sizes[k] + self.sizes[others]) / 2 - gaps, 0, None)
        area: NDArray[np.float64] = 10 * shared.prod(axis=-1).sum(axis=-1)
        return area

    def centres(self) -> NDArray[np.float64]:
        """Where the boxes stand now: shape (n_arcs, 2)."""
        centres: NDArray[np.float64] = self.spots[
            np.arange(len(self.chosen)), self.chosen
        ]
        return centres

    def improve(self, groups: list[list[int]]) -> None:
        """Move one group after the other to where it costs least, some rounds long."""
        for _ in range(ROUNDS):
            before = self.chosen.copy()
            for group in groups:
                others = np.ones(len(self.chosen), dtype=bool)
                others[group] = False
                cost = sum(self.fixed[k] + self._box_overlap(k, others) for k in group)
                cost = cost + self._within(group)
                self.chosen[group] = int(np.argmin(cost))
            if np.array_equal(before, self.chosen):
                return

    def _within(self, group: list[int]) -> NDArray[np.float64]:
        """Overlap inside a group whose boxes stand at the same share."""
        cost = np.zeros(len(SHARES))
        for place, k in enumerate(group):
            for other in group[place + 1 :]:
                gaps = np.abs(self.spots[k] - self.spots[other])
                shared = np.clip(
                    (self.sizes[k] + self.sizes[other]) / 2 - gaps, 0, None
                )
                cost += 10 * shared.prod(axis=-1)
        return cost

    def overlap(self) -> float:
        """Area that boxes share with each other and with nodes."""
        total = 0.0
        for k in range(len(self.chosen)):
            others = np.arange(len(self.chosen)) > k
            here = self.chosen[k]
            total += float(self._box_overlap(k, others)[here])
            total += float(self._node_overlap(self.spots[k], self.sizes[k])[here])
        return total


def _crosses(
    spots: NDArray[np.float64], size: NDArray[np.float64], arc: Arc
) -> NDArray[np.float64]:
    """Whether another arc runs through the box at each spot: shape (n_shares,)."""
    hits = np.zeros(len(spots), dtype=bool)
    for start, end in pairwise(arc.points):
        line = start + np.linspace(0, 1, 41)[:, None] * (end - start)  # (41, 2)
        inside = np.abs(spots[:, None] - line) < size / 2  # (n_shares, 41, 2)
        hits |= inside.all(axis=-1).any(axis=-1)
    return hits.astype(np.float64)
