"""From LLVM text to a function in memory, with a cache of object code on disk.

Objects are kept under the SHA-256 of the text, the processor and the version of
LLVM, each behind its own digest: a damaged file is compiled anew, a folder that
cannot be written is done without.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

__all__ = [
    "Linked",
    "assembly",
    "find",
    "find_linked",
    "host_bits",
    "keep",
    "key_of",
    "link",
    "processor",
    "user_cache",
    "version",
]

LEVEL: Final = 2
# LLVM's own pipeline keeps 0.36 MB of each program for good (llvmlite 0.50) and takes
# three times as long as all the rest; these give code within 2 % as fast.
PASSES: Final = ("instruction_combine", "loop_rotate", "simplify_cfg")
KEPT: Final = 1024  # objects and notes; the oldest go first


@cache
def _llvm() -> Any:
    # llvmlite takes 0.15 s to load: only whoever compiles shall wait for it.
    import llvmlite.binding as llvm  # noqa: PLC0415

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


@cache
def _host() -> tuple[str, str]:
    llvm = _llvm()
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def processor() -> str:
    """Give LLVM's name of this processor, such as "znver5"."""
    return _host()[0]


def version() -> str:
    """Give the version of LLVM."""
    return ".".join(map(str, _llvm().llvm_version_info))


@cache
def host_bits() -> int:
    """Give the bits of this processor's widest vectors."""
    features = set(_host()[1].split(","))
    if "+avx512f" in features and "+avx512dq" in features:
        return 512
    return 256 if "+avx2" in features and "+fma" in features else 128


def _machine() -> Any:
    llvm = _llvm()
    name, features = _host()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=name, features=features, opt=LEVEL, jit=True
    )


def _optimised(text: str, machine: Any) -> Any:
    llvm = _llvm()
    module = llvm.parse_assembly(text)
    module.verify()
    passes = llvm.create_new_module_pass_manager()
    for name in PASSES:
        getattr(passes, f"add_{name}_pass")()
    options = llvm.create_pipeline_tuning_options(speed_level=LEVEL)
    passes.run(module, llvm.create_pass_builder(machine, options))
    return module


def assembly(text: str) -> str:
    """Give the machine code of LLVM text, for reading."""
    machine = _machine()
    return str(machine.emit_assembly(_optimised(text, machine)))


def user_cache() -> Path:
    """Give the folder in which this system keeps what can be made again."""
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "backsweep" / "objects"


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """A function in memory, for as long as this lives.

    Parameters
    ----------
    address
        Where it begins.
    owner
        What keeps it there.
    from_cache
        Whether it was found on disk.
    """

    address: int
    owner: Any
    from_cache: bool


def link(text: str, *, folder: Path | None) -> Linked:
    """Compile LLVM text, or find what it was compiled to before.

    Parameters
    ----------
    text
        A module with a function `kernel`.
    folder
        Where objects are kept; None for nowhere.
    """
    key = key_of(text)
    linked = find_linked(folder, key)
    if linked is not None:
        return linked
    machine = _machine()
    code = machine.emit_object(_optimised(text, machine))
    if folder is not None:
        keep(folder, key, code)
    return Linked(*_load(code), from_cache=False)


def find_linked(folder: Path | None, key: str) -> Linked | None:
    """Load an object that was kept under a key, if it is there."""
    code = find(folder, key)
    return None if code is None else Linked(*_load(code), from_cache=True)


def _load(code: bytes) -> tuple[int, Any]:
    """Put object code into memory: by LLJIT, or by MCJIT where there is none."""
    llvm = _llvm()
    name = f"lanes-{uuid.uuid4().hex}"
    try:
        jit = llvm.create_lljit_compiler(_machine())
        builder = llvm.JITLibraryBuilder().add_object_img(code)
        tracker = builder.export_symbol("kernel").link(jit, name)
    except (RuntimeError, AttributeError):
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        return engine.get_function_address("kernel"), engine
    return tracker["kernel"], (tracker, jit)


def key_of(*parts: str) -> str:
    """Give the key of what depends on some text, this processor and LLVM."""
    whole = "\0".join([*parts, *_host(), version(), str(LEVEL), *PASSES])
    return hashlib.sha256(whole.encode()).hexdigest()


def find(folder: Path | None, key: str) -> bytes | None:
    """Read what was kept under a key; None where nothing was, or it is damaged."""
    if folder is None:
        return None
    try:
        kept = (folder / key).read_bytes()
    except OSError:
        return None
    digest, code = kept[:32], kept[32:]
    return code if code and hashlib.sha256(code).digest() == digest else None


def keep(folder: Path, key: str, code: bytes) -> None:
    """Write an object or a note under another name, then rename it: whole, or not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(code).digest() + code)
            Path(name).replace(folder / key)
        finally:
            Path(name).unlink(missing_ok=True)
        _thin(folder)
    except OSError:
        return  # a cache that cannot be written is done without


def _thin(folder: Path) -> None:
    kept = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
    for path in kept[: max(0, len(kept) - KEPT)]:
        path.unlink(missing_ok=True)
