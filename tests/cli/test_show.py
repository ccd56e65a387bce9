"""`backsweep show` of a record: text and pictures of one run, of a case, of all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backsweep.cli.fields import fields_of, has_names
from backsweep.runs import learn, open_runs
from backsweep.tasks import named as task
from backsweep.tasks.families import PEOPLE, RELATIONS

IRIS = Path(__file__).parents[2] / "examples" / "iris.csv"


@pytest.fixture
def families(run):
    """Save a record of two short runs of the family trees."""
    run("learn", "families", "--runs", 2, "--sweeps", 20, "--save", "f.zarr")
    return "f.zarr"


@pytest.fixture
def never(monkeypatch):
    """Let nothing be learned again."""

    def refuse(*_arguments, **_options):
        raise AssertionError("learning began")

    monkeypatch.setattr("backsweep.runs.ensemble.carry_out", refuse)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [[], ["--run", 1], ["--run", 1, "--case", "Colin has-aunt"]]
)
def test_a_record_is_drawn_without_being_learned_again(
    run, families, tmp_path, words, request
):
    request.getfixturevalue("never")
    done = run("show", families, *words, "--figure", "x.svg")
    assert done.exit_code == 0, done.stderr
    assert "drawn: x.svg" in done.stderr
    svg = (tmp_path / "x.svg").read_text()
    assert "families" in svg
    again = run("show", families, *words, "--figure", "x.svg")
    assert again.exit_code == 1
    assert "exists and is not overwritten" in again.stderr
    assert again.stdout == ""
    forced = run("show", families, *words, "--figure", "x.svg", "--force", "--quiet")
    assert (forced.exit_code, forced.stderr) == (0, "")


@pytest.mark.slow
def test_a_run_of_the_families_is_drawn_as_receptive_fields(run, families, tmp_path):
    run("show", families, "--run", 0, "--figure", "x.svg")
    svg = (tmp_path / "x.svg").read_text()
    assert "Weights into each unit of person code" in svg
    assert "Weights into relation code" in svg
    assert "Error while learning" in svg
    assert "of 4 held-out cases right" in svg
    assert all(name in svg for name in [*PEOPLE, *RELATIONS])


@pytest.mark.slow
def test_a_small_network_with_names_is_drawn_beside_its_fields(run, tmp_path):
    run("learn", IRIS, "--desired", "species", "--sweeps", 20, "--figure", "x.svg")
    svg = (tmp_path / "x.svg").read_text()
    assert "Weights into hidden" in svg
    assert "widest: " in svg  # the network's key
    assert svg.count("petal_width") == 2


def test_fields_hold_the_weights_by_name():
    runs = learn(task=replace(task("families"), procedure=task("xor").procedure))
    network, parameters = runs.network, runs.parameters_of(0)
    person, relation = fields_of(network, parameters, is_drawn=False)
    assert (person.layer, relation.layer) == ("person code", "relation code")
    assert person.is_of_people
    assert not relation.is_of_people
    assert person.sources == (*PEOPLE, "bias")
    table = runs.weights(0, "relation code").to_numpy()
    np.testing.assert_array_equal(relation.weights, table)


def test_without_names_every_layer_is_a_field():
    runs = learn(task="parity:3")
    assert not has_names(runs.network)
    fields = fields_of(runs.network, runs.parameters_of(0), is_drawn=False)
    assert [field.layer for field in fields] == ["hidden", "output"]
    assert fields[0].sources[:2] == ("input 1", "input 2")


def test_a_case_is_shown_layer_by_layer(run, data, families):
    words = ["show", families, "--run", 1, "--case", "Colin has-aunt"]
    found = data(*words)
    assert [layer["layer"] for layer in found["layers"]][:2] == ["person", "relation"]
    outputs = open_runs(families).activities(1, "Colin has-aunt").y["hidden"][0]
    hidden = next(one for one in found["layers"] if one["layer"] == "hidden")
    assert hidden["outputs"] == outputs.tolist()
    said = run(*words).stdout
    assert "person         Colin\n" in said
    assert "relation       aunt\n" in said
    assert "desired        Margaret, Jennifer\n" in said
    done = run("show", families, "--case", "Colin has-aunt")
    assert "`--case` needs `--run` with one of 2 runs" in done.stderr


def test_a_large_run_is_shown_in_part(run, families):
    said = run("show", families, "--run", 0).stdout
    assert "  ... 64 more: --json has all\n" in said
    assert "... 12 more units: --json has all" in said
    assert len(said.splitlines()) < 150


def test_a_run_is_shown_with_its_own_settings(run, data):
    made = task("xor")
    procedure = replace(made.procedure.with_epsilon((0.25, 0.5)), sweeps=3)
    learn(task=made, procedure=procedure).save("x.zarr")
    assert data("show", "x.zarr", "--run", 1)["procedure"]["epsilon"] == 0.5
    assert "epsilon 0.25, alpha" in run("show", "x.zarr", "--run", 0).stdout
    assert "epsilon 0.25 to 0.5 (one a run)" in run("show", "x.zarr").stdout


def test_numbers_of_a_table_are_shown_with_their_column_and_unit(run, tmp_path):
    rows = [f"{k},{k % 4},{100 * k}" for k in range(24)]
    (tmp_path / "x.csv").write_text("\n".join(["a,b,price", *rows]))
    run("learn", "x.csv", "--sweeps", 5, "--save", "x.zarr")
    said = run("show", "x.zarr", "--run", 0).stdout
    assert "case    price desired  price output" in said
    assert "In standard deviations of the column over the learning cases" in said


def test_the_columns_of_a_table_are_chosen(run, data):
    found = data("show", IRIS, "--desired", "species", "--inputs", "petal_width")
    assert found["inputs"] == ["petal_width"]
