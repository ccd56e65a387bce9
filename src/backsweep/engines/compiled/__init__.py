"""The compiled engine: from a network to machine code, on LLVM.

`lower` -> `ir` -> `verify` -> `emit` -> `link` -> `call`, and `interpret` as the
meaning of the operations.
"""

from __future__ import annotations

from backsweep.engines.compiled.engine import CompiledEngine

__all__ = ["CompiledEngine"]
