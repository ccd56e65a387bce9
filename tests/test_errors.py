"""Exceptions: the family, the hint, and the nearest name."""

from __future__ import annotations

import pytest

from backsweep import errors
from backsweep.errors import BacksweepError, FitWarning, SpecError, closest

# What a caller who knows Python only would catch.
BUILT_IN = {
    "DataError": ValueError,
    "DirectionError": ValueError,
    "EngineUnavailableError": ImportError,
    "RecordError": OSError,
    "SettingError": ValueError,
    "ShapeError": ValueError,
    "SpecError": ValueError,
    "TrainingError": ArithmeticError,
    "UnknownNameError": LookupError,
}


@pytest.mark.parametrize(("name", "built_in"), BUILT_IN.items())
def test_each_is_ours_and_pythons(name, built_in):
    kind = getattr(errors, name)
    with pytest.raises(built_in, match=r"^it broke\.$"):
        raise kind("it broke.")
    assert issubclass(kind, BacksweepError)


def test_no_exception_is_left_out_above():
    kinds = {
        name
        for name in errors.__all__
        if isinstance(getattr(errors, name), type)
        and issubclass(getattr(errors, name), BacksweepError)
    }
    assert kinds == {*BUILT_IN, "BacksweepError"}


def test_the_hint_stands_on_a_line_of_its_own():
    error = SpecError("`size` must be 2, got 3.", hint="write 2.")
    assert str(error) == "`size` must be 2, got 3.\nhint: write 2."
    assert (error.message, error.hint) == ("`size` must be 2, got 3.", "write 2.")


def test_without_a_hint_there_is_no_line_for_it():
    error = SpecError("`size` must be 2, got 3.")
    assert str(error) == error.message
    assert error.hint is None


def test_a_misfit_is_a_warning_not_an_error():
    assert issubclass(FitWarning, UserWarning)


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        (
            "symetry",
            ["xor", "symmetry"],
            "did you mean 'symmetry'? There are 'symmetry', 'xor'.",
        ),
        ("zzz", ["xor", "and"], "there are 'and', 'xor'."),
        ("xor", [], "there are none."),
        ("xor", iter(["xnor"]), "did you mean 'xnor'? There are 'xnor'."),
    ],
)
def test_closest_says_what_is_known(name, known, said):
    assert closest(name, known) == said
