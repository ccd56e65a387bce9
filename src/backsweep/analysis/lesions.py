"""Lesions: what a network answers when nobody hears some of its units any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backsweep.errors import SettingError, UnknownNameError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backsweep.network import Network

__all__ = ["silenced"]

Floats: TypeAlias = NDArray[np.float64]


def silenced(
    network: Network, parameters: ArrayLike, layer: str, units: Iterable[int]
) -> Floats:
    """Silence units of a layer: all their weights to other units become 0.

    Nobody hears them any more, as if each one's output were 0 for every case.

    Parameters
    ----------
    network
        The network whose parameters they are.
    parameters : array_like of shape (..., n_parameters)
        Weights and biases in the network's order; they stay as they are.
    layer
        Name of the layer.
    units
        Numbers of the units, from 0.

    Returns
    -------
    ndarray of shape (..., n_parameters)
        A copy with the lesion.

    Examples
    --------
    >>> from backsweep.network import Network
    >>> network = Network.layered(1, 2, 1)
    >>> silenced(network, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], "hidden", [1])
    array([1., 2., 3., 4., 5., 0., 7.])
    """
    names = [one.name for one in network.layers]
    if layer not in names:
        raise UnknownNameError(
            f"the network has no layer {layer!r}.", hint=nearest(layer, names)
        )
    size = network[layer].size
    lost = sorted(set(units))
    if lost and not 0 <= lost[0] <= lost[-1] < size:
        raise SettingError(
            f"`units` must be numbers from 0 to {size - 1}, as layer {layer!r} has "
            f"{size} units, got {lost}."
        )
    left = np.array(parameters, dtype=np.float64)
    network.check_parameters(left)
    for link in network.outgoing(layer):
        block = network.block(link)
        if block is None or link.tie is not None:
            raise SettingError(
                f"link {link} has no weights of its own that could be taken away.",
                hint="lesion a layer whose links are full and not tied.",
            )
        network.weights(left, link)[..., lost] = 0.0
    return left
