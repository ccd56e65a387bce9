"""The procedure: every setting of learning besides network, task and seed.

One frozen value decides a trajectory, is printed with every result and is kept in
every record. `Procedure.convention` translates from other programs, in which "the
same epsilon" means other steps.
"""

from __future__ import annotations

import dataclasses
import math
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from backsweep.door import as_numbers, as_whole
from backsweep.equations.measures import MEASURES
from backsweep.equations.updates import UPDATES
from backsweep.errors import SettingError, UnknownNameError, closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from backsweep.network import Network

__all__ = [
    "CONVENTIONS",
    "Criterion",
    "Number",
    "Procedure",
    "Rates",
    "Spread",
    "Stage",
    "Start",
]

# One value for all runs, or one value a run.
Number: TypeAlias = float | tuple[float, ...]
# Of some layers, by name: what epsilon is multiplied by for what leads into them.
Rates: TypeAlias = tuple[tuple[str, Number], ...]


def _number(name: str, value: object, low: float, high: float, span: str) -> Number:
    """Take a number or one a run; `low` is allowed, `high` is not."""
    whole = as_numbers(value)
    if whole is None or whole == ():
        raise SettingError(
            f"`{name}` must be a number or one number a run, got {value!r}."
        )
    numbers = whole if isinstance(whole, tuple) else (whole,)
    for number in numbers:
        if not low <= number < high:
            raise SettingError(f"`{name}` must be {span}, got {number!r}.")
    return whole


def _of_kind(name: str, value: object, kind: type) -> None:
    if not isinstance(value, kind):
        hint = f"for instance {kind.__name__}(...), from backsweep."
        raise SettingError(
            f"`{name}` must be of the kind {kind.__name__}, got {value!r}.",
            hint="True or False." if kind is bool else hint,
        )


def _choice(name: str, value: object, choices: Sequence[str]) -> None:
    if value not in choices:
        raise SettingError(
            f"`{name}` must be one of {', '.join(map(repr, sorted(choices)))}, got "
            f"{value!r}.",
            hint=closest(str(value), choices),
        )


@dataclass(frozen=True, slots=True)
class Spread:
    """Where starting values are drawn from.

    Parameters
    ----------
    width
        Half the width of the interval of a uniform distribution, or the standard
        deviation of a normal one. May hold one number a run.
    distribution
        "uniform": from centre - width to centre + width. "normal": about centre.
    centre
        The middle. With width 0 every value is the centre.
    """

    width: Number = 0.3
    distribution: Literal["uniform", "normal"] = "uniform"
    centre: float = 0.0

    def __post_init__(self) -> None:
        _choice("distribution", self.distribution, ("uniform", "normal"))
        object.__setattr__(
            self,
            "width",
            _number("width", self.width, 0.0, math.inf, "0 or more, and finite"),
        )
        _number("centre", self.centre, -math.inf, math.inf, "finite")
        if not math.isfinite(self.centre):
            raise SettingError(f"`centre` must be finite, got {self.centre!r}.")

    def __str__(self) -> str:
        width = self.width if isinstance(self.width, float) else "one a run"
        if width == 0:
            return f"{self.centre:g}"
        name = "U" if self.distribution == "uniform" else "N"
        if name == "N":
            return f"N({self.centre:g}, {width})"
        if isinstance(width, float):
            return f"U({self.centre - width:g}, {self.centre + width:g})"
        about = f"{self.centre:g} " if self.centre else ""
        return (
            f"U({about}-R, {about}+R), R {width}" if about else f"U(-R, R), R {width}"
        )


@dataclass(frozen=True, slots=True)
class Start:
    """The weights and biases with which a run begins.

    Parameters
    ----------
    weights, biases
        Where they are drawn from, each by (seed, run, parameter) alone.
    given
        All parameters of the network in its order, in place of drawing: every run
        then starts from them.
    """

    weights: Spread = Spread()
    biases: Spread = Spread()
    given: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        _of_kind("weights", self.weights, Spread)
        _of_kind("biases", self.biases, Spread)
        if self.given is not None:
            given = as_numbers(self.given)
            if not isinstance(given, tuple):
                raise SettingError(
                    f"the starting weights must be numbers, got {self.given!r}."
                )
            bad = [number for number in given if not math.isfinite(number)]
            if bad:
                raise SettingError(
                    f"the starting weights must be finite, got {bad[0]!r}."
                )
            object.__setattr__(self, "given", given)

    def __str__(self) -> str:
        if self.given is not None:
            return "given weights"
        return f"weights {self.weights}, biases {self.biases}"


CRITERION: Final = re.compile(
    r"(?:E\s*<\s*(?P<error>[\d.eE+-]+)|(?P<winner>winner)|(?P<within>[\d.eE+-]+))"
    r"(?:\s*:\s*(?P<share>[\d.]+)\s*%)?"
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """When a case is right, and when a run has learned.

    Parameters
    ----------
    rule
        "within": a case is right when every output is nearer than `value` to the
        desired one. "winner": when the most active output unit is the desired one.
        "error": a run has learned when E is under `value`; cases are judged with .5.
    value
        As the rule says; of no account for "winner".
    share
        The share of the learning cases that must be right.

    Examples
    --------
    >>> print(Criterion.parse("0.5:95%"))
    0.5:95%
    """

    rule: Literal["within", "winner", "error"] = "within"
    value: Number = 0.5
    share: float = 1.0

    def __post_init__(self) -> None:
        _choice("rule", self.rule, ("within", "winner", "error"))
        value = _number("criterion", self.value, 0.0, math.inf, "above 0, and finite")
        object.__setattr__(self, "value", value)
        if value == 0:
            raise SettingError("`criterion` must be above 0, got 0.0.")
        share = as_numbers(self.share)
        if not isinstance(share, float) or not 0 < share <= 1:
            raise SettingError(
                f"`share` must be above 0 and at most 1, got {self.share!r}."
            )

    @classmethod
    def parse(cls, text: str) -> Criterion:
        """Read "0.2", "0.5:95%", "winner", "winner:95%" or "E<0.02"."""
        found = CRITERION.fullmatch(text.strip())
        unread = SettingError(
            "`criterion` must be written as a distance, a winner or an error, "
            f"got {text!r}.",
            hint="for instance '0.5', '0.2', '0.5:95%', 'winner:95%' or 'E<0.02'.",
        )
        if found is None:
            raise unread
        try:
            share = float(found["share"]) / 100 if found["share"] else 1.0
            if found["error"]:
                return cls("error", float(found["error"]), share)
            if found["winner"]:
                return cls("winner", 0.5, share)
            return cls("within", float(found["within"]), share)
        except SettingError:
            raise
        except ValueError:
            raise unread from None

    def __str__(self) -> str:
        value = f"{self.value!r}" if isinstance(self.value, float) else "one a run"
        text = {"within": value, "winner": "winner", "error": f"E<{value}"}[self.rule]
        return text if self.share == 1 else f"{text}:{100 * self.share:.10g}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Settings for the first sweeps, before the procedure's own hold.

    Parameters
    ----------
    sweeps
        How many sweeps the stage lasts.
    epsilon, alpha
        Step size and momentum during it.
    decay
        Weight decay during it; the procedure's own where None.
    """

    sweeps: int
    epsilon: Number
    alpha: Number
    decay: Number | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "sweeps", _whole("sweeps of a stage", self.sweeps))
        _steps(self)


def _whole(name: str, value: object) -> int:
    number = as_whole(value)
    if number is None or number < 1:
        raise SettingError(
            f"`{name}` must be a whole number, at least 1, got {value!r}."
        )
    return number


def _steps(settings: Stage | Procedure) -> None:
    spans = {
        "epsilon": (math.inf, "0 or more, and finite"),
        "alpha": (1.0, "at least 0 and under 1"),
        "decay": (1.0, "at least 0 and under 1"),
    }
    for name, (high, span) in spans.items():
        value = getattr(settings, name)
        if value is None and name == "decay" and isinstance(settings, Stage):
            continue
        object.__setattr__(settings, name, _number(name, value, 0.0, high, span))


def _run_by_run(rule: Callable[..., float], *numbers: Number) -> Number:
    """Apply a rule to numbers, to each run's own where one of them holds several."""
    parts = [part if isinstance(part, tuple) else (part,) for part in numbers]
    n_runs = max(map(len, parts))
    rows = (part * n_runs if len(part) == 1 else part for part in parts)
    found = tuple(rule(*row) for row in zip(*rows, strict=True))
    return found if any(isinstance(part, tuple) for part in numbers) else found[0]


def _scaled(stage: Number, before: Number, after: Number) -> Number:
    """Change a stage's epsilon by the factor from `before` to `after`, run by run."""
    return _run_by_run(
        lambda own, old, new: own * new / old if old else new, stage, before, after
    )


def _rates(value: object) -> Rates:
    """Take rates by layer: a mapping, or pairs."""
    pairs = value.items() if isinstance(value, Mapping) else value
    try:
        found = {str(layer): factor for layer, factor in pairs}  # type: ignore[attr-defined]  # or it is none
    except (TypeError, ValueError):
        raise SettingError(
            f"`rates` must map names of layers to factors on epsilon, got {value!r}.",
            hint="for instance {'hidden': 2.0}.",
        ) from None
    span = "0 or more, and finite"
    return tuple(
        (layer, _number(f"rate of {layer}", factor, 0.0, math.inf, span))
        for layer, factor in found.items()
    )


@dataclass(frozen=True, slots=True)
class Convention:
    """How another program's settings translate into ours."""

    settings: Mapping[str, Any]
    batch: int | None  # cases to an update; None for the whole sweep
    about: str


# Sources: the programs' own code, and the letter. The torch and sklearn rows are
# held against the real libraries in tests/test_conventions.py.
CONVENTIONS: Final[Mapping[str, Convention]] = {
    "rhw1986": Convention(
        {}, None, "half the summed square, one change a sweep: the letter"
    ),
    "lens": Convention(
        {"half": False, "start": Start(Spread(1.0), Spread(1.0))},
        None,
        "SUM_SQUARED without the half and the algorithm `momentum`",
    ),
    "snns": Convention(
        {}, 1, "Std_Backpropagation, and BackpropMomentum without flat spot"
    ),
    "tlearn": Convention({}, 1, "one change a pattern, which tlearn calls a sweep"),
    "playground": Convention(
        {
            "scale": "cases",
            "order": "random",
            "start": Start(Spread(0.5), Spread(0.0, centre=0.1)),
        },
        10,
        "the mean over a shuffled batch of 10, no momentum",
    ),
    "torch": Convention(
        {"half": False, "scale": "mean", "momentum": "torch"},
        None,
        "mse_loss with torch.optim.SGD(lr, momentum)",
    ),
    "sklearn": Convention(
        {"scale": "cases", "momentum": "nesterov"},
        None,
        "MLPRegressor(solver='sgd', alpha=0), Nesterov's momentum as by default",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """All that decides a trajectory besides network, task and seed.

    Numbers may be given as a sequence with one value a run.

    Parameters
    ----------
    epsilon, alpha
        Step size and momentum of equations (8) and (9).
    stages
        What comes first: the settings of the first sweeps. Then epsilon and alpha
        hold.
    rates
        Of some layers, by name: what epsilon is multiplied by for the weights into
        them and for their biases, in every stage. 1 for layers that are not named.
    decay
        After each change, w *= 1 - decay, biases too. The velocity is not decayed.
    error
        "squared" or "cross-entropy".
    half
        Whether the squared error carries the letter's factor of 1/2.
    scale
        "sum" over cases and output units, as in equation (3); "cases": divided by
        the number of cases; "mean": divided by cases and output units.
    zone
        The zone of no error: an output nearer than this to the desired one hands
        no error back. 0.2 for the letter's family trees.
    momentum
        "letter": dw(t) = -epsilon g + alpha dw(t-1). "torch": v = alpha v + g,
        dw = -epsilon v. "nesterov": v = alpha v - epsilon g, dw = alpha v - epsilon g.
    update
        Change the weights after each "sweep", each "case", or so many cases.
    order
        Of the cases in a sweep: "fixed", or "random", a new one each sweep.
    ties
        Whether the gradients of tied links are averaged ("average", the letter) or
        summed ("sum", most programs).
    start
        Where weights and biases begin.
    criterion
        When a run has learned.
    sweeps
        The most sweeps of a run.
    until
        "learned": a run stops when it has learned; "end": it goes on to the last
        sweep.

    Examples
    --------
    >>> Procedure(epsilon=0.1, alpha=0.9).epsilon
    0.1
    >>> Procedure(epsilon=0.1, rates={"hidden": 3}).rates  # 0.3 below the hidden units
    (('hidden', 3.0),)
    >>> Procedure.convention("torch", lr=0.1, momentum=0.9).scale
    'mean'
    """

    epsilon: Number = 0.1
    alpha: Number = 0.9
    stages: tuple[Stage, ...] = ()
    rates: Rates | Mapping[str, Number] = ()
    decay: Number = 0.0
    error: Literal["squared", "cross-entropy"] = "squared"
    half: bool = True
    scale: Literal["sum", "cases", "mean"] = "sum"
    zone: Number = 0.0
    momentum: Literal["letter", "torch", "nesterov"] = "letter"
    update: Literal["sweep", "case"] | int = "sweep"
    order: Literal["fixed", "random"] = "fixed"
    ties: Literal["average", "sum"] = "average"
    start: Start = Start()
    criterion: Criterion = Criterion()
    sweeps: int = 1000
    until: Literal["learned", "end"] = "learned"

    def __post_init__(self) -> None:
        _steps(self)
        object.__setattr__(self, "rates", _rates(self.rates))
        object.__setattr__(self, "stages", tuple(self.stages))
        for stage in self.stages:
            _of_kind("stages", stage, Stage)
        _of_kind("half", self.half, bool)
        _of_kind("start", self.start, Start)
        _of_kind("criterion", self.criterion, Criterion)
        object.__setattr__(
            self, "zone", _number("zone", self.zone, 0.0, 1.0, "at least 0 and under 1")
        )
        _choice("error", self.error, sorted({name for name, _ in MEASURES}))
        _choice("scale", self.scale, ("sum", "cases", "mean"))
        _choice("momentum", self.momentum, tuple(UPDATES))
        _choice("order", self.order, ("fixed", "random"))
        _choice("ties", self.ties, ("average", "sum"))
        _choice("until", self.until, ("learned", "end"))
        object.__setattr__(self, "sweeps", _whole("sweeps", self.sweeps))
        if self.update not in ("sweep", "case"):
            if isinstance(self.update, str):
                raise SettingError(
                    "`update` must be 'sweep', 'case' or a number of cases, got "
                    f"{self.update!r}."
                )
            object.__setattr__(self, "update", _whole("update", self.update))

    @classmethod
    def convention(
        cls, name: str, *, lr: Number, momentum: Number = 0.0, batch: int | None = None
    ) -> Procedure:
        """Give our procedure that takes the same steps as another program.

        Parameters
        ----------
        name
            "lens", "playground", "rhw1986", "sklearn", "snns", "tlearn" or "torch".
        lr, momentum
            Learning rate and momentum as that program is given them.
        batch
            Cases to a change of the weights; the program's own habit where None.

        Notes
        -----
        Start values are those of the program where they are a plain range; those
        of torch and sklearn depend on the fan-in and are not copied: hand the same
        weights to both with `Start(given=...)`.
        """
        try:
            convention = CONVENTIONS[name]
        except KeyError:
            raise UnknownNameError(
                f"there is no convention {name!r}.", hint=closest(name, CONVENTIONS)
            ) from None
        size = batch if batch is not None else convention.batch
        return cls(
            epsilon=lr,
            alpha=momentum,
            update="sweep" if size is None else "case" if size == 1 else size,
            **convention.settings,
        )

    def with_epsilon(self, epsilon: Number) -> Procedure:
        """Give the procedure with another step size, its stages in proportion.

        Parameters
        ----------
        epsilon
            What takes the place of `epsilon`: one number, or one a run.

        Examples
        --------
        >>> first = Stage(sweeps=20, epsilon=0.005, alpha=0.5)
        >>> Procedure(epsilon=0.01, stages=(first,)).with_epsilon(0.1).stages[0].epsilon
        0.05
        """
        wanted = _number("epsilon", epsilon, 0.0, math.inf, "0 or more, and finite")
        stages = tuple(
            dataclasses.replace(
                stage, epsilon=_scaled(stage.epsilon, self.epsilon, wanted)
            )
            for stage in self.stages
        )
        return dataclasses.replace(self, epsilon=wanted, stages=stages)

    def with_alpha(self, alpha: Number) -> Procedure:
        """Give the procedure with another momentum; stages keep theirs where lower.

        Parameters
        ----------
        alpha
            What takes the place of `alpha`: one number, or one a run.
        """
        wanted = _number("alpha", alpha, 0.0, 1.0, "at least 0 and under 1")
        stages = tuple(
            dataclasses.replace(stage, alpha=_run_by_run(min, stage.alpha, wanted))
            for stage in self.stages
        )
        return dataclasses.replace(self, alpha=wanted, stages=stages)

    def with_rates(self, rates: Mapping[str, Number]) -> Procedure:
        """Give the procedure with the rates of some layers multiplied.

        Parameters
        ----------
        rates
            By layer what its rate is multiplied by: one number, or one a run. A
            layer without a rate of its own has 1.

        Examples
        --------
        >>> Procedure(rates={"hidden": 3}).with_rates({"hidden": 2, "output": 5}).rates
        (('hidden', 6.0), ('output', 5.0))
        """
        own = self.rate_of
        for layer, factor in _rates(rates):
            own[layer] = _run_by_run(operator.mul, own.get(layer, 1.0), factor)
        return dataclasses.replace(self, rates=own)

    @property
    def rate_of(self) -> dict[str, Number]:
        """The rates by layer: those of layers that have one."""
        return dict(cast("Rates", self.rates))

    @property
    def batch(self) -> int | None:
        """Cases to a change of the weights; None for the whole sweep."""
        return (
            {"sweep": None, "case": 1}.get(self.update)
            if isinstance(self.update, str)
            else self.update
        )

    @property
    def changes(self) -> tuple[Stage, ...]:
        """All stages in order, the procedure's own settings as the last."""
        own = Stage(
            sweeps=self.sweeps, epsilon=self.epsilon, alpha=self.alpha, decay=self.decay
        )
        return (
            *(
                stage
                if stage.decay is not None
                else dataclasses.replace(stage, decay=self.decay)
                for stage in self.stages
            ),
            own,
        )

    def per_run(self) -> Iterator[tuple[str, int]]:
        """Name every setting that holds one value a run, and how many it holds."""
        named: list[tuple[str, Number | None]] = [
            ("epsilon", self.epsilon),
            ("alpha", self.alpha),
            ("decay", self.decay),
            ("zone", self.zone),
            ("criterion", self.criterion.value),
            ("start of the weights", self.start.weights.width),
            ("start of the biases", self.start.biases.width),
        ]
        named += [(f"rate of {layer}", rate) for layer, rate in self.rate_of.items()]
        for stage in self.stages:
            named += [
                ("epsilon of a stage", stage.epsilon),
                ("alpha of a stage", stage.alpha),
                ("decay of a stage", stage.decay),
            ]
        for name, value in named:
            if isinstance(value, tuple):
                yield name, len(value)

    def of_run(self, run: int) -> Procedure:
        """Give what one run is learned with: its own number of every setting.

        Parameters
        ----------
        run
            Its number, counted from 0.

        Examples
        --------
        >>> Procedure(epsilon=(0.1, 0.2), alpha=0).of_run(1).epsilon
        0.2
        """

        def own(value: Any) -> Any:
            return value[run] if isinstance(value, tuple) else value

        stages = tuple(
            dataclasses.replace(
                stage,
                epsilon=own(stage.epsilon),
                alpha=own(stage.alpha),
                decay=own(stage.decay),
            )
            for stage in self.stages
        )
        weights, biases = (
            dataclasses.replace(spread, width=own(spread.width))
            for spread in (self.start.weights, self.start.biases)
        )
        return dataclasses.replace(
            self,
            epsilon=own(self.epsilon),
            alpha=own(self.alpha),
            decay=own(self.decay),
            rates={layer: own(rate) for layer, rate in self.rate_of.items()},
            zone=own(self.zone),
            stages=stages,
            criterion=dataclasses.replace(
                self.criterion, value=own(self.criterion.value)
            ),
            start=dataclasses.replace(self.start, weights=weights, biases=biases),
        )

    def error_factor(self, n_cases: int, n_out: int) -> float:
        """Give the factor from the summed half square to this error."""
        factor = 1.0 if self.half or self.error != "squared" else 2.0
        divisor = {"sum": 1, "cases": n_cases, "mean": n_cases * n_out}[self.scale]
        return factor / divisor

    def check_rates(self, network: Network) -> None:
        """Raise SettingError unless the layers with rates are there and learn.

        Tied links share their weights, and with them the rate.
        """
        rates = self.rate_of
        learning = {link.target for link in network.links}
        for layer in sorted(rates.keys() - learning):
            raise SettingError(
                f"`rates` must name layers that links lead into, got {layer!r}.",
                hint=closest(layer, learning),
            )
        ties: dict[str, str] = {}
        for link in network.links:
            first = ties.setdefault(link.tie, link.target) if link.tie else link.target
            if rates.get(first, 1.0) != rates.get(link.target, 1.0):
                raise SettingError(
                    f"the layers {first!r} and {link.target!r} must have the same "
                    f"rate, since links tied as {link.tie!r} lead into both."
                )

    def misfits(self, network: Network) -> tuple[str, ...]:
        """Say which settings do not fit the network's output layers, and what would."""
        found = []
        for layer in network.outputs:
            measure = MEASURES[self.error, layer.activation == "softmax"]
            if layer.activation not in measure.fits:
                better = "cross-entropy" if layer.activation == "softmax" else "squared"
                found.append(
                    f"the error {self.error!r} does not fit the {layer.activation} "
                    f"units of layer {layer.name!r}: it fits "
                    f"{', '.join(sorted(measure.fits))} units, and {layer.activation} "
                    f"units go with {better!r}."
                )
        return tuple(found)

    def to_dict(self) -> dict[str, Any]:
        """Give all settings as plain values, for JSON and for records."""
        return dataclasses.asdict(self) | {"rates": self.rate_of}

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> Procedure:
        """Build the procedure that `to_dict` wrote."""
        plain = dict(settings)
        try:
            start, criterion = plain.pop("start"), plain.pop("criterion")
            stages = tuple(Stage(**stage) for stage in plain.pop("stages"))
            weights, biases = Spread(**start["weights"]), Spread(**start["biases"])
            begun = Start(weights, biases, start["given"])
            own: dict[str, Any] = {"start": begun, "criterion": Criterion(**criterion)}
            return cls(**plain, stages=stages, **own)
        except (KeyError, TypeError) as error:
            raise SettingError(
                f"the settings must be those that `to_dict` gives, got {error}."
            ) from error
