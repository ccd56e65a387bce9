"""Colour scales: even steps of a number are even steps to the eye.

They are made in the space OKLab, whose first coordinate is how light a colour looks:
also readers who see no colours see which is more.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import ListedColormap

if TYPE_CHECKING:
    from matplotlib.colors import Colormap
    from numpy.typing import NDArray

__all__ = ["one_sided", "two_sided"]

# From OKLab to the cube roots of what the eye's cones see, and from there to
# light of the screen's primaries: B. Ottosson, "A perceptual color space for image
# processing" (2020).
TO_CONES: Final = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
TO_LIGHT: Final = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)
LIGHTNESS: Final = (0.28, 0.97)  # at the ends, and in the middle
HUES: Final = (252.0, 52.0)  # degrees: blue and orange, apart to every eye
CHROMA: Final = 0.125
STEPS: Final = 256


def one_sided() -> Colormap:
    """Give the scale from little (dark) to much (light)."""
    return colormaps["viridis"]


def two_sided() -> Colormap:
    """Give the scale of two kinds: dark blue to light, and light to dark orange."""
    sides = [_ramp(hue) for hue in HUES]
    return ListedColormap(
        np.concatenate([sides[0], sides[1][::-1]]), name="backsweep two-sided"
    )


def _ramp(hue: float) -> NDArray[np.float64]:
    """Go from dark to light in even steps: (n_steps, 3) of red, green and blue."""
    share = np.linspace(0, 1, STEPS)
    light = LIGHTNESS[0] + share * (LIGHTNESS[1] - LIGHTNESS[0])
    # The ends have room for little colour only.
    chroma = CHROMA * np.sin(math.pi * (0.22 + 0.72 * share)) ** 1.2
    angle = math.radians(hue)
    lab = np.stack([light, chroma * math.cos(angle), chroma * math.sin(angle)], axis=-1)
    linear = ((lab @ TO_CONES.T) ** 3) @ TO_LIGHT.T
    clear = np.clip(linear, 0, 1)
    screen: NDArray[np.float64] = np.where(
        clear <= 0.0031308, 12.92 * clear, 1.055 * clear ** (1 / 2.4) - 0.055
    )
    return screen
