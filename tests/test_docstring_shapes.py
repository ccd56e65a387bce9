"""Every shape an equation's docstring promises is tried on random sizes."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pytest
from hypothesis import given, strategies as st

from backsweep import equations

# What the letter numbers: none may escape the test below.
NUMBERED = {"total_input", "logistic", "error", "error_by_output",
            "error_by_total_input", "weight_gradient", "error_by_lower_output",
            "steepest_descent", "momentum"}  # fmt: skip

PARAMETER = re.compile(r"^(\w+(?:, \w+)*) : (.*)$", re.MULTILINE)
SHAPE = re.compile(r"^(?:float or )?ndarray of shape \(([^)]*)\)")
RESULT = re.compile(r"Returns\n-+\nndarray of shape \(([^)]*)\)")


def required(function):
    """Give the names of the parameters that have no default."""
    return [
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is inspect.Parameter.empty
    ]


# The walks over a network are left out: their shapes follow from the network.
FUNCTIONS = [
    function
    for function in (getattr(equations, name) for name in equations.__all__)
    if inspect.isfunction(function) and "network" not in required(function)
]


def axes(text):
    return [name.strip() for name in text.split(",") if name.strip()]


def sizes_of(shape, size, leading):
    """Turn axis names into sizes; `...` stands for the leading axes."""
    for axis in shape:
        if axis == "...":
            yield from leading
        else:
            yield int(axis) if axis.isdigit() else size[axis]


def test_every_numbered_equation_is_tried():
    assert {function.__name__ for function in FUNCTIONS} >= NUMBERED


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@given(data=st.data())
def test_shapes_are_as_documented(function, data):
    doc = inspect.getdoc(function) or ""
    written = {
        name: line
        for names, line in PARAMETER.findall(doc)
        for name in names.split(", ")
    }
    lines = {name: written.get(name, "") for name in required(function)}
    shapes = {
        name: axes(match[1])
        for name, line in lines.items()
        if (match := SHAPE.match(line))
    }
    assert shapes, "no parameter of the form `x : ndarray of shape (...)`"
    promises = RESULT.findall(doc)
    assert len(promises) == 1, "no result of the form `ndarray of shape (...)`"

    names = sorted({axis for shape in shapes.values() for axis in shape} - {"..."})
    size = {axis: data.draw(st.integers(1, 5), label=axis) for axis in names}
    leading = data.draw(st.lists(st.integers(1, 3), max_size=2), label="...")
    # A half lies inside every range: outputs, desired outputs, step sizes.
    arrays = {
        name: np.full(tuple(sizes_of(shape, size, leading)), 0.5)
        for name, shape in shapes.items()
    }
    numbers = {name: 0.5 for name, line in lines.items() if line.startswith("float")}

    result = function(**(numbers | arrays))
    assert np.shape(result) == tuple(sizes_of(axes(promises[0]), size, leading))
