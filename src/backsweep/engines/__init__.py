"""Engines: what carries sweeps out. One table; the plain engine is the definition."""

from __future__ import annotations

import itertools
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from backsweep.engines.compiled import CompiledEngine
from backsweep.engines.plain import PlainEngine
from backsweep.engines.protocol import Engine, Program, Progress, State, Verdict
from backsweep.engines.starts import starts
from backsweep.errors import EngineUnavailableError, UnknownNameError, closest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backsweep.network import Network
    from backsweep.procedure import Procedure

__all__ = [
    "ENGINES",
    "Engine",
    "Program",
    "Progress",
    "State",
    "Verdict",
    "choose",
    "passed_over",
    "starts",
]

# `auto` takes the first that supports the case.
ENGINES: Final[Mapping[str, Engine]] = MappingProxyType(
    {
        engine.name: engine
        for engine in (
            CompiledEngine("compiled", "f64"),
            PlainEngine(),
            CompiledEngine("compiled-f32", "f32"),
        )
    }
)


def passed_over(name: str, network: Network, procedure: Procedure) -> str:
    """Say why the engines before this one cannot do a case; "" where they can."""
    before = itertools.takewhile(lambda engine: engine.name != name, ENGINES.values())
    verdicts = [engine.supports(network, procedure) for engine in before]
    return "" if any(verdicts) else " ".join(verdict.reason for verdict in verdicts)


def choose(name: str, network: Network, procedure: Procedure) -> Engine:
    """Give the engine of that name, or for "auto" the first that can do it."""
    if name != "auto" and name not in ENGINES:
        raise UnknownNameError(
            f"there is no engine {name!r}.", hint=closest(name, ["auto", *ENGINES])
        )
    wanted = list(ENGINES.values()) if name == "auto" else [ENGINES[name]]
    verdicts = [engine.supports(network, procedure) for engine in wanted]
    for engine, verdict in zip(wanted, verdicts, strict=True):
        if verdict:
            return engine
    raise EngineUnavailableError(" ".join(verdict.reason for verdict in verdicts))
