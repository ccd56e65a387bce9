"""Fields: what units came to stand for, as diagrams of the weights from named units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backsweep.figures import draw_hinton, draw_receptive_fields
from backsweep.tasks.families import FIGURE_4_ORDER, PEOPLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from backsweep.network import Network

__all__ = ["Field", "fields_of", "has_names"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """The weights into one layer, ready to be drawn.

    Parameters
    ----------
    layer
        Name of the receiving layer.
    weights : ndarray of shape (n_units, n_sources)
        Those from every layer it hears from, and the biases as the last column.
    units, sources
        What the rows and the columns stand for.
    """

    layer: str
    weights: NDArray[np.float64]
    units: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def is_of_people(self) -> bool:
        """Whether the sources are the people of the letter's family trees."""
        return set(self.sources[:-1]) == set(PEOPLE)

    def draw(self, axes: Any) -> None:
        """Draw it: people as in the letter's Fig. 4, else a Hinton diagram."""
        if self.is_of_people:
            draw_receptive_fields(
                axes,
                self.weights[:, :-1],
                self.sources[:-1],
                tuple(FIGURE_4_ORDER.values()),
                units=self.units,
                title=f"Weights into each unit of {self.layer}",
            )
            return
        draw_hinton(
            axes,
            self.weights,
            rows=self.units,
            columns=self.sources,
            title=f"Weights into {self.layer}",
        )


def has_names(network: Network) -> bool:
    """Say whether some input unit has a name of its own."""
    return any(layer.units for layer in network.inputs)


def fields_of(
    network: Network, parameters: NDArray[np.float64], *, is_drawn: bool
) -> list[Field]:
    """Give the layers to be shown, bottom to top.

    Those are the layers that hear from named input units. Where one hidden layer is
    all there is and the network `is_drawn` nowhere else, or no input unit has a name,
    it is every layer that hears from another.
    """
    named = {layer.name for layer in network.inputs if layer.units}
    entered = {link.target for link in network.links}
    near = {link.target for link in network.links if link.source in named}
    shown = near if named and (is_drawn or len(network.hidden) > 1) else entered
    return [
        _field(network, parameters, layer.name)
        for layer in network.layers
        if layer.name in shown
    ]


def _field(network: Network, parameters: NDArray[np.float64], layer: str) -> Field:
    units = network[layer].unit_names
    parts, sources = [], []
    biases = np.zeros((len(units), 1))
    for block in network.blocks:
        if block.layer != layer:
            continue
        values = parameters[block.start : block.stop].reshape(block.shape)
        if block.source is None:
            biases = values.reshape(-1, 1)
            continue
        sender = network[block.source]
        parts.append(values)
        sources += [
            name if sender.units else f"{sender.name} {name}"
            for name in sender.unit_names
        ]
    return Field(
        layer=layer,
        weights=np.concatenate([*parts, biases], axis=1),
        units=units,
        sources=(*sources, "bias"),
    )
