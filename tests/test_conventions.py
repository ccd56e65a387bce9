"""Conventions of other programs, against the real ones or their formulas by hand."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from backsweep.engines import ENGINES
from backsweep.errors import UnknownNameError
from backsweep.network import Layer, Link, Network
from backsweep.procedure import CONVENTIONS, Criterion, Procedure, Spread, Stage, Start
from backsweep.tasks.task import Task
from tests.strategies import cases_of, parameters_of
from tests.tolerances import Tolerance

# Weights after ten steps; only rounding may differ.
CLOSE = Tolerance(rtol=1e-12, atol=1e-12)
LR, MOMENTUM = 0.3, 0.8


def learned_weights(network, cases, procedure, sweeps):
    """Give the weights of one run after so many sweeps, come what may."""
    task = Task(
        name="a test",
        about="Cases of a test.",
        source="this file",
        inputs=cases[0],
        desired=cases[1],
        network=network,
        procedure=procedure,
    )
    procedure = replace(procedure, until="end", sweeps=sweeps)
    program = ENGINES["plain"].prepare(network, task, procedure)
    state = program.start(1, range(1))
    program.advance(state, sweeps)
    return program.parameters(state)[0]


def layers_of(network, parameters):
    """Give (weights, biases) of each layer from the flat vector."""
    return [
        (network.weights(parameters, link), network.biases(parameters, link.target))
        for link in network.links
    ]


def flat(pairs):
    return np.concat([part.ravel() for pair in pairs for part in pair])


@pytest.fixture
def network():
    return Network.layered(3, 4, 2)


@pytest.fixture
def start(network):
    return parameters_of(network, 7)


@pytest.fixture
def cases(network):
    return cases_of(network, 7, 8)


def by_torch(network, start, cases, *, lrs, batch, momentum=MOMENTUM):
    """Learn with torch's own modules, loss and optimizer."""
    torch = pytest.importorskip("torch")
    modules = []
    for weights, biases in layers_of(network, start):
        linear = torch.nn.Linear(*reversed(weights.shape), dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(weights))
            linear.bias.copy_(torch.tensor(biases))
        modules += [linear, torch.nn.Sigmoid()]
    model = torch.nn.Sequential(*modules)
    optimizer = torch.optim.SGD(model.parameters(), lr=lrs[0], momentum=momentum)
    inputs, desired = (torch.tensor(part) for part in cases)
    for lr in lrs:
        optimizer.param_groups[0]["lr"] = lr
        for some, wanted in zip(inputs.split(batch), desired.split(batch), strict=True):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(some), wanted).backward()
            optimizer.step()
    return np.concat([part.detach().numpy().ravel() for part in model.parameters()])


@pytest.mark.slow
@pytest.mark.parametrize("batch", [None, 1, 3, 4, 8])
def test_torch_takes_the_same_steps(network, start, cases, batch):
    procedure = replace(
        Procedure.convention("torch", lr=LR, momentum=MOMENTUM, batch=batch),
        start=Start(given=tuple(start)),
    )
    ours = learned_weights(network, cases, procedure, 10)
    theirs = by_torch(network, start, cases, lrs=[LR] * 10, batch=batch or 8)
    np.testing.assert_allclose(ours, theirs, **CLOSE)
    assert np.abs(ours - start).max() > 0.01


@pytest.mark.slow
@pytest.mark.parametrize("batch", [None, 3])
def test_torch_takes_the_same_steps_when_lr_changes(network, start, cases, batch):
    procedure = replace(
        Procedure.convention("torch", lr=2.0, momentum=MOMENTUM, batch=batch),
        stages=(Stage(sweeps=4, epsilon=0.2, alpha=MOMENTUM),),
        start=Start(given=tuple(start)),
    )
    ours = learned_weights(network, cases, procedure, 10)
    lrs = [0.2] * 4 + [2.0] * 6
    theirs = by_torch(network, start, cases, lrs=lrs, batch=batch or 8)
    np.testing.assert_allclose(ours, theirs, **CLOSE)
    # The letter's form differs once epsilon has changed: that is why there are two.
    letters = learned_weights(network, cases, replace(procedure, momentum="letter"), 10)
    assert np.abs(letters - theirs).max() > 1e-3


def fitted(model, start, inputs, desired):
    """Let scikit-learn learn from given weights: a first fit makes the places."""
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415  # optional

    sweeps = model.max_iter
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.set_params(max_iter=1).fit(inputs, desired)
        model.coefs_ = [weights.T.copy() for weights, _ in start]
        model.intercepts_ = [biases.copy() for _, biases in start]
        model.set_params(max_iter=sweeps).fit(inputs, desired)
    assert model.t_ >= sweeps
    parts = zip(model.coefs_, model.intercepts_, strict=True)
    return flat((weights.T, biases) for weights, biases in parts)


def settings_of_sklearn(*, batch, nesterov):
    return {
        "hidden_layer_sizes": (4,),
        "activation": "logistic",
        "solver": "sgd",
        "alpha": 0.0,
        "batch_size": batch,
        "learning_rate_init": LR,
        "momentum": MOMENTUM,
        "nesterovs_momentum": nesterov,
        "max_iter": 10,
        "n_iter_no_change": 1000,
        "shuffle": False,
        "warm_start": True,
        "random_state": 0,
    }


@pytest.mark.slow
@pytest.mark.parametrize("nesterov", [True, False])
@pytest.mark.parametrize("batch", [None, 4, 3])
def test_sklearns_regressor_takes_the_same_steps(cases, batch, nesterov):
    neural = pytest.importorskip("sklearn.neural_network")
    network = Network.layered(3, 4, 2, output="linear")
    start = parameters_of(network, 7)
    procedure = replace(
        Procedure.convention("sklearn", lr=LR, momentum=MOMENTUM, batch=batch),
        start=Start(given=tuple(start)),
    )
    if not nesterov:
        procedure = replace(procedure, momentum="letter")
    ours = learned_weights(network, cases, procedure, 10)
    model = neural.MLPRegressor(
        **settings_of_sklearn(batch=batch or 8, nesterov=nesterov)
    )
    theirs = fitted(model, layers_of(network, start), *cases)
    np.testing.assert_allclose(ours, theirs, **CLOSE)
    assert np.abs(ours - start).max() > 0.01


@pytest.mark.slow
@pytest.mark.parametrize(("output", "size"), [("logistic", 1), ("softmax", 3)])
def test_sklearns_classifier_takes_the_same_steps(output, size):
    """Its log loss is our cross-entropy, divided by the number of cases."""
    neural = pytest.importorskip("sklearn.neural_network")
    network = Network.layered(3, 4, size, output=output)
    start = parameters_of(network, 7)
    inputs, _ = cases_of(network, 7, 8)
    classes = (
        np.array([0, 1, 1, 0, 1, 0, 0, 1])
        if size == 1
        else np.array([0, 1, 2, 2, 1, 0, 0, 1])
    )
    desired = classes[:, None] if size == 1 else np.eye(3)[classes]
    procedure = replace(
        Procedure.convention("sklearn", lr=LR, momentum=MOMENTUM),
        error="cross-entropy",
        start=Start(given=tuple(start)),
    )
    ours = learned_weights(network, (inputs, desired), procedure, 10)
    model = neural.MLPClassifier(**settings_of_sklearn(batch=8, nesterov=True))
    theirs = fitted(model, layers_of(network, start), inputs, classes)
    np.testing.assert_allclose(ours, theirs, **CLOSE)


# By hand, on one linear unit with one weight w, from w = 0, and two cases:
# input 1 with desired 1, input 2 with desired 0. Learning rate 0.1, momentum 0.5.
UNIT = Network(
    (Layer("input", 1), Layer("output", 1, "linear", bias=False)),
    (Link("input", "output"),),
)
TWO_CASES = np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]])


def steps_of_unit(procedure, sweeps):
    procedure = replace(procedure, start=Start(given=(0.0,)))
    return [
        float(learned_weights(UNIT, TWO_CASES, procedure, k)[0])
        for k in range(1, sweeps + 1)
    ]


# dE/dw of the letter = (w - 1) 1 + (2w - 0) 2 = 5w - 1.
#   1: g = -1              change  0.1                        w = 0.1
#   2: g = -0.5            change  0.05 + 0.05 = 0.1          w = 0.2
#   3: g =  0              change  0.05                       w = 0.25
def test_rhw1986_by_hand():
    procedure = Procedure.convention("rhw1986", lr=0.1, momentum=0.5)
    np.testing.assert_allclose(
        steps_of_unit(procedure, 3), [0.1, 0.2, 0.25], rtol=1e-14
    )


# Lens: SUM_SQUARED has no half, g = 2 (5w - 1); `momentum`: -lr g + m change.
#   1: g = -2              change  0.2                        w = 0.2
#   2: g =  0              change  0.1                        w = 0.3
#   3: g =  1              change -0.1 + 0.05 = -0.05         w = 0.25
def test_lens_by_hand():
    procedure = Procedure.convention("lens", lr=0.1, momentum=0.5)
    np.testing.assert_allclose(
        steps_of_unit(procedure, 3), [0.2, 0.3, 0.25], rtol=1e-14
    )


# SNNS BackpropMomentum and tlearn: after each pattern,
# change = lr (d - y) o + m change.
#   pattern 1: y = 0     d - y =  1     change  0.1                           w = 0.1
#   pattern 2: y = 0.2   d - y = -0.2   change -0.04 + 0.05      =  0.01      w = 0.11
#   pattern 1: y = 0.11  d - y =  0.89  change  0.089 + 0.005    =  0.094     w = 0.204
#   pattern 2: y = 0.408 d - y = -0.408 change -0.0816 + 0.047   = -0.0346    w = 0.1694
@pytest.mark.parametrize("name", ["snns", "tlearn"])
def test_snns_and_tlearn_by_hand(name):
    procedure = Procedure.convention(name, lr=0.1, momentum=0.5)
    assert procedure.update == "case"
    np.testing.assert_allclose(steps_of_unit(procedure, 2), [0.11, 0.1694], rtol=1e-13)


# Playground: w -= lr * (sum of derivatives of half squares) / (number of them).
#   batch of both:  g = (5w - 1) / 2
#   1: g = -0.5    w = 0.05        2: g = -0.375   w = 0.0875
def test_playground_by_hand():
    procedure = Procedure.convention("playground", lr=0.1)
    assert (procedure.update, procedure.order) == (10, "random")
    np.testing.assert_allclose(steps_of_unit(procedure, 2), [0.05, 0.0875], rtol=1e-14)


# Nesterov as scikit-learn has it, divided by the two cases: g = (5w - 1) / 2.
#   1: g = -0.5    v = 0.05     change 0.025 + 0.05 = 0.075            w = 0.075
#   2: g = -0.3125 v = 0.025 + 0.03125 = 0.05625
#                               change 0.028125 + 0.03125 = 0.059375   w = 0.134375
def test_sklearn_by_hand():
    procedure = Procedure.convention("sklearn", lr=0.1, momentum=0.5)
    np.testing.assert_allclose(
        steps_of_unit(procedure, 2), [0.075, 0.134375], rtol=1e-14
    )


# torch: mean of squares over cases and outputs, g = 2 (5w - 1) / 2; v = m v + g.
#   1: g = -1     v = -1      w = 0.1          2: g = -0.5  v = -1   w = 0.2
def test_torch_by_hand():
    procedure = Procedure.convention("torch", lr=0.1, momentum=0.5)
    np.testing.assert_allclose(steps_of_unit(procedure, 2), [0.1, 0.2], rtol=1e-14)


def test_a_last_batch_that_is_smaller_is_divided_by_its_own_size():
    """Three cases in batches of two: the third alone is divided by one."""
    inputs, desired = np.array([[1.0], [2.0], [1.0]]), np.array([[1.0], [0.0], [1.0]])
    procedure = replace(
        Procedure.convention("torch", lr=0.1, batch=2), start=Start(given=(0.0,))
    )
    # 0.1, as above; then g = 2 (0.1 - 1) = -1.8 and w = 0.28.
    w = learned_weights(UNIT, (inputs, desired), procedure, 1)
    np.testing.assert_allclose(w, [0.28], rtol=1e-14)


@pytest.mark.parametrize("name", CONVENTIONS)
def test_every_convention_is_a_procedure(name):
    procedure = Procedure.convention(name, lr=0.25, momentum=0.5)
    assert (procedure.epsilon, procedure.alpha) == (0.25, 0.5)
    assert procedure.criterion == Criterion()
    assert Procedure.convention(name, lr=0.25).alpha == 0


@pytest.mark.parametrize("name", CONVENTIONS)
@pytest.mark.parametrize(("batch", "update"), [(1, "case"), (5, 5)])
def test_a_batch_is_as_one_asks(name, batch, update):
    assert Procedure.convention(name, lr=0.1, batch=batch).update == update


def test_starts_are_the_programs_where_they_are_a_plain_range():
    starts = {name: Procedure.convention(name, lr=0.1).start for name in CONVENTIONS}
    assert starts["lens"] == Start(Spread(1.0), Spread(1.0))
    assert starts["playground"] == Start(Spread(0.5), Spread(0.0, centre=0.1))
    assert starts["rhw1986"] == Start(Spread(0.3), Spread(0.3))


def test_an_unknown_convention_is_refused():
    said = (
        r"there is no convention 'pytorch'\.\n"
        r"hint: did you mean 'torch'\? There are 'lens', 'playground', 'rhw1986', "
        r"'sklearn', 'snns', 'tlearn', 'torch'\."
    )
    with pytest.raises(UnknownNameError, match=said):
        Procedure.convention("pytorch", lr=0.1)
