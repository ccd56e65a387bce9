"""Figures: the letter's, and those of many runs, each a function of a matplotlib Axes.

They take plain arrays and names, print nothing, touch no global setting, and are
saved by `save_figure`. matplotlib is imported in this room only.
"""

from __future__ import annotations

from backsweep.figures.activity import draw_activity
from backsweep.figures.family_trees import draw_family_trees
from backsweep.figures.final_errors import draw_final_errors
from backsweep.figures.hinton import draw_hinton
from backsweep.figures.map import MapAxis, draw_map
from backsweep.figures.network import draw_network
from backsweep.figures.receptive_fields import draw_receptive_fields
from backsweep.figures.save import SUFFIXES, check_target, figure_bytes, save_figure
from backsweep.figures.sweeps_to_learn import draw_sweeps_to_learn
from backsweep.figures.theme import LIGHT, THEMES, Theme, blank_figure, theme_named
from backsweep.figures.training_curve import draw_training_curve
from backsweep.figures.weight_ratios import draw_weight_ratios

__all__ = [
    "LIGHT",
    "SUFFIXES",
    "THEMES",
    "MapAxis",
    "Theme",
    "blank_figure",
    "check_target",
    "draw_activity",
    "draw_family_trees",
    "draw_final_errors",
    "draw_hinton",
    "draw_map",
    "draw_network",
    "draw_receptive_fields",
    "draw_sweeps_to_learn",
    "draw_training_curve",
    "draw_weight_ratios",
    "figure_bytes",
    "save_figure",
    "theme_named",
]
