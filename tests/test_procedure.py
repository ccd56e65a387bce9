"""The procedure: its ranges, its written forms, its warnings, its dictionary."""

from __future__ import annotations

import json
import math
import re
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from backsweep.errors import SettingError
from backsweep.network import Layer, Link, Network
from backsweep.procedure import Criterion, Procedure, Spread, Stage, Start

steps = st.floats(0, 1e3)
shares = st.floats(0, 1, exclude_max=True)


def one_or_many(numbers):
    return numbers | st.lists(numbers, min_size=1, max_size=3).map(tuple)


spreads = st.builds(
    Spread, one_or_many(steps), st.sampled_from(["uniform", "normal"]), st.floats(-5, 5)
)
starts = st.builds(
    Start,
    spreads,
    spreads,
    st.none() | st.lists(st.floats(-1e9, 1e9), max_size=3).map(tuple),
)
criteria = st.builds(
    Criterion,
    st.sampled_from(["within", "winner", "error"]),
    one_or_many(st.floats(1e-6, 1e3)),
    st.floats(0.01, 1),
)
stages = st.builds(
    Stage,
    sweeps=st.integers(1, 10**6),
    epsilon=one_or_many(steps),
    alpha=one_or_many(shares),
    decay=st.none() | one_or_many(shares),
)
procedures = st.builds(
    Procedure,
    epsilon=one_or_many(steps),
    alpha=one_or_many(shares),
    stages=st.lists(stages, max_size=2).map(tuple),
    decay=one_or_many(shares),
    error=st.sampled_from(["squared", "cross-entropy"]),
    half=st.booleans(),
    scale=st.sampled_from(["sum", "cases", "mean"]),
    zone=one_or_many(shares),
    momentum=st.sampled_from(["letter", "torch", "nesterov"]),
    update=st.sampled_from(["sweep", "case"]) | st.integers(1, 100),
    order=st.sampled_from(["fixed", "random"]),
    ties=st.sampled_from(["average", "sum"]),
    start=starts,
    criterion=criteria,
    sweeps=st.integers(1, 10**6),
    until=st.sampled_from(["learned", "end"]),
)


@given(procedures)
def test_a_procedure_survives_json(procedure):
    text = json.dumps(procedure.to_dict(), allow_nan=False)
    again = Procedure.from_dict(json.loads(text))
    assert again == procedure
    assert hash(again) == hash(procedure)
    assert Procedure.from_dict(procedure.to_dict()) == procedure


def test_the_dictionary_holds_everything():
    assert Procedure().to_dict().keys() == set(Procedure.__dataclass_fields__)


def test_a_procedure_is_frozen():
    with pytest.raises(FrozenInstanceError):
        Procedure().epsilon = 1.0  # type: ignore[misc]  # that is the point


def test_sequences_become_tuples_and_numbers_floats():
    procedure = Procedure(epsilon=[1, 2], alpha=0, zone=range(1))  # type: ignore[arg-type]  # any sequence of numbers will do
    assert procedure.epsilon == (1.0, 2.0)
    assert isinstance(procedure.alpha, float)
    assert procedure.zone == (0.0,)
    assert hash(procedure) == hash(replace(procedure))


def test_the_letters_rule_is_the_default():
    procedure = Procedure()
    assert (procedure.error, procedure.half, procedure.scale) == (
        "squared",
        True,
        "sum",
    )
    assert (procedure.momentum, procedure.update, procedure.ties) == (
        "letter",
        "sweep",
        "average",
    )
    assert (procedure.decay, procedure.zone) == (0.0, 0.0)


@pytest.mark.parametrize(("update", "batch"), [("sweep", None), ("case", 1), (7, 7)])
def test_a_batch_is_the_cases_to_an_update(update, batch):
    assert Procedure(update=update).batch == batch


@pytest.mark.parametrize(
    ("settings", "factor"),
    [
        ({}, 1),
        ({"half": False}, 2),
        ({"scale": "cases"}, 1 / 6),
        ({"scale": "mean"}, 1 / 12),
        ({"half": False, "scale": "mean"}, 1 / 6),
        ({"half": False, "error": "cross-entropy"}, 1),
    ],
)
def test_the_factor_of_the_error(settings, factor):
    assert Procedure(**settings).error_factor(6, 2) == factor


def test_stages_come_first_and_the_procedures_own_settings_last():
    procedure = Procedure(
        epsilon=0.5,
        alpha=0.9,
        decay=0.1,
        sweeps=70,
        stages=(
            Stage(sweeps=20, epsilon=0.1, alpha=0.5),
            Stage(sweeps=5, epsilon=0.2, alpha=0.6, decay=0.0),
        ),
    )
    settings = [(one.epsilon, one.alpha, one.decay) for one in procedure.changes]
    assert settings == [(0.1, 0.5, 0.1), (0.2, 0.6, 0.0), (0.5, 0.9, 0.1)]
    assert [one.sweeps for one in procedure.changes[:2]] == [20, 5]


def test_settings_of_one_value_a_run_are_named_and_counted():
    procedure = Procedure(
        epsilon=(0.1, 0.2),
        zone=(0.1, 0.2, 0.3),
        criterion=Criterion("error", (0.1,)),
        start=Start(Spread((1.0, 2.0)), Spread((1.0, 2.0, 3.0, 4.0))),
        stages=(Stage(sweeps=1, epsilon=0.1, alpha=(0.1, 0.2), decay=(0.0,)),),
    )
    assert dict(procedure.per_run()) == {
        "epsilon": 2,
        "zone": 3,
        "criterion": 1,
        "start of the weights": 2,
        "start of the biases": 4,
        "alpha of a stage": 2,
        "decay of a stage": 1,
    }
    assert not list(Procedure().per_run())


def test_a_run_has_its_own_number_of_every_setting():
    pair = (0.125, 0.25)
    numbers: dict[str, Any] = dict.fromkeys(("epsilon", "alpha", "decay"), pair)
    whole = Procedure(
        **numbers, zone=pair, rates={"hidden": pair}, criterion=Criterion(value=pair),
        start=Start(Spread(pair), Spread(pair)), stages=(Stage(sweeps=1, **numbers),),
    )  # fmt: skip
    assert len(list(whole.per_run())) == 11
    own: dict[str, Any] = dict.fromkeys(("epsilon", "alpha", "decay"), 0.25)
    assert whole.of_run(1) == Procedure(
        **own, zone=0.25, rates={"hidden": 0.25}, criterion=Criterion(value=0.25),
        start=Start(Spread(0.25), Spread(0.25)), stages=(Stage(sweeps=1, **own),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("0.5", Criterion()),
        ("0.2", Criterion("within", 0.2)),
        ("0.5:95%", Criterion("within", 0.5, 0.95)),
        ("winner", Criterion("winner")),
        ("winner:95%", Criterion("winner", 0.5, 0.95)),
        ("E<0.02", Criterion("error", 0.02)),
        ("E<1e-05", Criterion("error", 1e-5)),
    ],
)
def test_a_criterion_is_read_and_written(text, criterion):
    assert Criterion.parse(text) == criterion
    assert str(criterion) == text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (" E < 0.02 ", "E<0.02"),
        ("1e-1 : 90 %", "0.1:90%"),
        ("winner:100%", "winner"),
    ],
)
def test_a_criterion_may_have_spaces(text, same):
    assert Criterion.parse(text) == Criterion.parse(same)


@given(
    rule=st.sampled_from(["within", "error"]),
    value=st.integers(1, 9999).map(lambda n: n / 10_000),
    percent=st.integers(1, 100),
)
def test_a_criterion_round_trips(rule, value, percent):
    criterion = Criterion(rule, value, percent / 100)
    assert Criterion.parse(str(criterion)) == criterion


def test_a_criterion_of_many_values_says_so():
    assert str(Criterion("error", (0.1, 0.2))) == "E<one a run"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Spread(), "U(-0.3, 0.3)"),
        (Spread(0.5, centre=1), "U(0.5, 1.5)"),
        (Spread(0.5, "normal"), "N(0, 0.5)"),
        (Spread(0, centre=0.1), "0.1"),
        (Spread((0.1, 0.2)), "U(-R, R), R one a run"),
        (Start(), "weights U(-0.3, 0.3), biases U(-0.3, 0.3)"),
        (Start(given=(1, 2)), "given weights"),
    ],
)
def test_starts_are_written(value, text):
    assert str(value) == text


SPAN = "at least 0 and under 1"
STEP = "`epsilon` must be 0 or more, and finite, got"
NUMBER = "`epsilon` must be a number or one number a run, got"
WHOLE = "must be a whole number, at least 1, got"
REFUSED = [
    (Procedure, {"epsilon": -0.1}, f"{STEP} -0.1."),
    (Procedure, {"epsilon": math.inf}, f"{STEP} inf."),
    (Procedure, {"epsilon": math.nan}, f"{STEP} nan."),
    (Procedure, {"epsilon": (0.1, -2)}, f"{STEP} -2.0."),
    (Procedure, {"epsilon": "fast"}, f"{NUMBER} 'fast'."),
    (Procedure, {"epsilon": "12"}, f"{NUMBER} '12'."),
    (Procedure, {"epsilon": True}, f"{NUMBER} True."),
    (Procedure, {"epsilon": None}, f"{NUMBER} None."),
    (Procedure, {"epsilon": ()}, f"{NUMBER} ()."),
    (Procedure, {"alpha": 1}, f"`alpha` must be {SPAN}, got 1.0."),
    (Procedure, {"decay": 1}, f"`decay` must be {SPAN}, got 1.0."),
    (Procedure, {"decay": -0.1}, f"`decay` must be {SPAN}, got -0.1."),
    (Procedure, {"zone": 1}, f"`zone` must be {SPAN}, got 1.0."),
    (
        Procedure,
        {"error": "square"},
        (
            "`error` must be one of 'cross-entropy', 'squared', got 'square'.\n"
            "hint: did you mean 'squared'?"
        ),
    ),
    (
        Procedure,
        {"scale": "total"},
        "`scale` must be one of 'cases', 'mean', 'sum', got 'total'.\nhint: there are",
    ),
    (
        Procedure,
        {"momentum": "pytorch"},
        (
            "`momentum` must be one of 'letter', 'nesterov', 'torch', got 'pytorch'.\n"
            "hint: did you mean 'torch'?"
        ),
    ),
    (
        Procedure,
        {"order": "shuffled"},
        "`order` must be one of 'fixed', 'random', got 'shuffled'.",
    ),
    (
        Procedure,
        {"ties": "mean"},
        "`ties` must be one of 'average', 'sum', got 'mean'.",
    ),
    (
        Procedure,
        {"until": "learnt"},
        (
            "`until` must be one of 'end', 'learned', got 'learnt'.\n"
            "hint: did you mean 'learned'?"
        ),
    ),
    (Procedure, {"sweeps": 0}, f"`sweeps` {WHOLE} 0."),
    (Procedure, {"sweeps": 0.5}, f"`sweeps` {WHOLE} 0.5."),
    (Procedure, {"sweeps": True}, f"`sweeps` {WHOLE} True."),
    (
        Procedure,
        {"update": "batch"},
        "`update` must be 'sweep', 'case' or a number of cases, got 'batch'.",
    ),
    (Procedure, {"update": 0}, f"`update` {WHOLE} 0."),
    (
        Stage,
        {"sweeps": 0, "epsilon": 0, "alpha": 0},
        f"`sweeps of a stage` {WHOLE} 0.",
    ),
    (
        Stage,
        {"sweeps": 1, "epsilon": 0, "alpha": 2},
        f"`alpha` must be {SPAN}, got 2.0.",
    ),
    (
        Spread,
        {"distribution": "gauss"},
        "`distribution` must be one of 'normal', 'uniform', got 'gauss'.",
    ),
    (Spread, {"width": -1}, "`width` must be 0 or more, and finite, got -1.0."),
    (Spread, {"centre": math.nan}, "`centre` must be finite, got nan."),
    (Spread, {"centre": -math.inf}, "`centre` must be finite, got -inf."),
    (
        Start,
        {"given": (0.0, math.inf)},
        "the starting weights must be finite, got inf.",
    ),
    (
        Criterion,
        {"rule": "win"},
        "`rule` must be one of 'error', 'winner', 'within', got 'win'.",
    ),
    (Criterion, {"value": 0}, "`criterion` must be above 0, got 0.0."),
    (
        Criterion,
        {"value": -1},
        "`criterion` must be above 0, and finite, got -1.0.",
    ),
    (Criterion, {"share": 0}, "`share` must be above 0 and at most 1, got 0."),
    (
        Criterion.parse,
        {"text": "0.5:200%"},
        "`share` must be above 0 and at most 1, got 2.0.",
    ),
    (Criterion.parse, {"text": "0"}, "`criterion` must be above 0, got 0.0."),
    (
        Criterion.parse,
        {"text": "E<1e999"},
        "`criterion` must be above 0, and finite, got inf.",
    ),
]


@pytest.mark.parametrize(
    ("make", "settings", "said"), REFUSED, ids=[str(row[1]) for row in REFUSED]
)
def test_settings_out_of_range_are_refused(make, settings, said):
    with pytest.raises(SettingError, match=re.escape(said)):
        make(**settings)


@pytest.mark.parametrize(
    "text",
    [
        *("", "half", "0.5:", "0.5:95", "E<", "E>1", "winer", "1.2.3", "e", "nan"),
        "0.5:9.9.9%",
    ],
)
def test_what_is_no_criterion_is_refused(text):
    said = (
        r"`criterion` must be written as a distance, a winner or an error, got .*\.\n"
        r"hint: for instance '0\.5', '0\.2', '0\.5:95%', 'winner:95%' or 'E<0\.02'\."
    )
    with pytest.raises(SettingError, match=said):
        Criterion.parse(text)


FITS = {
    "squared": {"logistic", "tanh", "linear", "relu"},
    "cross-entropy": {"logistic", "softmax"},
}


@pytest.mark.parametrize(
    "activation", ["logistic", "tanh", "linear", "relu", "softmax"]
)
@pytest.mark.parametrize("error", FITS)
def test_a_misfit_is_told_where_there_is_one(activation, error):
    network = Network.layered(2, 2, 2, activation="tanh", output=activation)
    misfits = Procedure(error=error).misfits(network)
    assert bool(misfits) == (activation not in FITS[error])


def test_what_a_misfit_says():
    softmax = Network.layered(2, 2, 2, output="softmax")
    (said,) = Procedure().misfits(softmax)
    assert said == (
        "the error 'squared' does not fit the softmax units of layer 'output': it fits "
        "linear, logistic, relu, tanh units, and softmax units go with 'cross-entropy'."
    )
    (said,) = Procedure(error="cross-entropy").misfits(
        Network.layered(2, 2, output="tanh")
    )
    assert said.startswith(
        "the error 'cross-entropy' does not fit the tanh units of layer 'output'"
    )
    assert said.endswith("and tanh units go with 'squared'.")


@pytest.mark.parametrize("rates", [{"h": 2}, [("h", 2.0)], (("h", 2.0),)])
def test_rates_are_written_by_layer(rates):
    procedure = Procedure(rates=rates)
    assert procedure.rates == (("h", 2.0),)
    assert procedure.rate_of == {"h": 2.0}
    assert procedure == Procedure.from_dict(json.loads(json.dumps(procedure.to_dict())))
    assert hash(procedure) == hash(Procedure(rates={"h": 2.0}))


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ("hidden", "must map names of layers to factors on epsilon, got 'hidden'"),
        (2.0, "must map names of layers"),
        ({"h": -1}, "`rate of h` must be 0 or more, and finite, got -1"),
        ({"h": math.inf}, "`rate of h` must be 0 or more"),
        ({"h": "fast"}, "`rate of h` must be a number or one number a run"),
    ],
)
def test_rates_that_are_none_are_refused(rates, said):
    with pytest.raises(SettingError, match=said):
        Procedure(rates=rates)


def test_rates_are_of_layers_that_learn():
    network = Network.layered(2, 2, 1)
    Procedure(rates={"hidden": 2, "output": 0}).check_rates(network)
    for layer in ("hidde", "input"):
        with pytest.raises(SettingError, match=f"got '{layer}'"):
            Procedure(rates={layer: 2}).check_rates(network)


def test_tied_links_have_one_rate():
    layers = (Layer("a", 2), Layer("b", 2), Layer("p", 3), Layer("q", 3))
    links = (Link("a", "p", tie="t"), Link("b", "q", tie="t"))
    network = Network(layers, links)
    Procedure(rates={"p": 2, "q": 2}).check_rates(network)
    for rates in ({"p": 2}, {"q": 2}, {"p": 2, "q": 3}):
        with pytest.raises(SettingError, match="'p' and 'q' must have the same rate"):
            Procedure(rates=rates).check_rates(network)


def test_each_output_layer_is_judged():
    network = Network(
        (
            Layer("i", 1),
            Layer("o", 2, "softmax"),
            Layer("p", 1),
            Layer("q", 2, "softmax"),
        ),
        (Link("i", "o"), Link("i", "p"), Link("i", "q")),
    )
    layers = [said.split("layer ")[1][:3] for said in Procedure().misfits(network)]
    assert layers == ["'o'", "'q'"]
