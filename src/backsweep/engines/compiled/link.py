"""From LLVM text to a function in memory, with a cache of object code on disk.

Objects are kept under the SHA-256 of the text, the processor and the version of
LLVM, each behind a digest of its name and itself: a file that is damaged, or stands
in another's place, is compiled anew; a folder that cannot be written is done without.
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
from typing import Any, Final, NamedTuple

__all__ = [
    "Linked",
    "Processor",
    "assembly",
    "find",
    "find_linked",
    "host",
    "host_bits",
    "keep",
    "key_of",
    "link",
    "object_code",
    "user_cache",
    "version",
]

LEVEL: Final = 2
# LLVM's own pipeline keeps 0.36 MB of each program for good (llvmlite 0.50) and takes
# three times as long as all the rest; these give code within 2 % as fast.
PASSES: Final = ("instruction_combine", "loop_rotate", "simplify_cfg")
KEPT: Final = 1024  # objects and notes; the oldest go first


class Processor(NamedTuple):
    """What code is made for, in LLVM's words.

    Parameters
    ----------
    name
        A processor, such as "x86-64-v3" or "apple-m1".
    features
        Extensions, each with + or -, behind commas; those that the name implies
        where empty.
    triple
        Architecture and system, such as "aarch64-unknown-linux-gnu"; this machine's
        where empty.
    """

    name: str
    features: str = ""
    triple: str = ""


@cache
def _llvm() -> Any:
    # llvmlite takes 0.15 s to load: only whoever compiles shall wait for it.
    import llvmlite.binding as llvm  # noqa: PLC0415

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


@cache
def host() -> Processor:
    """Give the processor that this runs on."""
    llvm = _llvm()
    features = llvm.get_host_cpu_features().flatten()
    return Processor(llvm.get_host_cpu_name(), features)


def version() -> str:
    """Give the version of LLVM."""
    return ".".join(map(str, _llvm().llvm_version_info))


@cache
def host_bits() -> int:
    """Give the bits of this processor's widest vectors."""
    features = set(host().features.split(","))
    if "+avx512f" in features and "+avx512dq" in features:
        return 512
    return 256 if "+avx2" in features and "+fma" in features else 128


def _machine(processor: Processor) -> Any:
    llvm = _llvm()
    if processor.triple:
        llvm.initialize_all_targets()
        llvm.initialize_all_asmprinters()
    triple = processor.triple or llvm.get_default_triple()
    target = llvm.Target.from_triple(triple)
    return target.create_target_machine(
        cpu=processor.name, features=processor.features, opt=LEVEL, jit=True
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


def assembly(text: str, processor: Processor | None = None) -> str:
    """Give the machine code of LLVM text, for reading; this processor's where None."""
    machine = _machine(processor or host())
    return str(machine.emit_assembly(_optimised(text, machine)))


def object_code(text: str, processor: Processor | None = None) -> bytes:
    """Give the machine code of LLVM text as an object file."""
    machine = _machine(processor or host())
    code: bytes = machine.emit_object(_optimised(text, machine))
    return code


def user_cache() -> Path | None:
    """Give the folder in which this system keeps what can be made again.

    None where the user has no folder at all, as some containers leave it.
    """
    try:
        if sys.platform == "darwin":
            base = Path.home() / "Library" / "Caches"
        elif sys.platform == "win32":
            local = os.environ.get("LOCALAPPDATA")
            base = Path(local) if local else Path.home() / "AppData" / "Local"
        else:
            named = os.environ.get("XDG_CACHE_HOME")
            base = Path(named) if named else Path.home() / ".cache"
    except RuntimeError:  # says pathlib where nobody knows this user's home
        return None
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


def link(
    text: str, *, folder: Path | None, processor: Processor | None = None
) -> Linked:
    """Compile LLVM text, or find what it was compiled to before.

    Parameters
    ----------
    text
        A module with a function `kernel`.
    folder
        Where objects are kept; None for nowhere.
    processor
        Whose instructions it may use; this one's where None. It must be one whose
        code this one carries out.
    """
    key = key_of(text, processor=processor)
    linked = find_linked(folder, key)
    if linked is not None:
        return linked
    code = object_code(text, processor)
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
        jit = llvm.create_lljit_compiler(_machine(host()))
        builder = llvm.JITLibraryBuilder().add_object_img(code)
        tracker = builder.export_symbol("kernel").link(jit, name)
    except (RuntimeError, AttributeError):
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine(host()))
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        return engine.get_function_address("kernel"), engine
    return tracker["kernel"], (tracker, jit)


def key_of(*parts: str, processor: Processor | None = None) -> str:
    """Give the key of what depends on some text, a processor and LLVM."""
    made_by = *(processor or host()), version(), str(LEVEL), *PASSES
    return hashlib.sha256("\0".join([*parts, *made_by]).encode()).hexdigest()


def _sealed(key: str, content: bytes) -> bytes:
    """Put the digest of name and content before a content."""
    return hashlib.sha256(key.encode() + content).digest() + content


def find(folder: Path | None, key: str) -> bytes | None:
    """Read what was kept under a key; None where nothing was, or it is damaged."""
    if folder is None:
        return None
    try:
        kept = (folder / key).read_bytes()
    except OSError:
        return None
    content = kept[32:]
    return content if content and kept == _sealed(key, content) else None


def keep(folder: Path, key: str, code: bytes) -> None:
    """Write an object or a note under another name, then rename it: whole, or not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_sealed(key, code))
            Path(name).replace(folder / key)
        finally:
            Path(name).unlink(missing_ok=True)
        _thin(folder)
    except OSError:
        return  # a cache that cannot be written is done without


def _written_at(path: Path) -> float:
    """Say when a file was written; long ago where another process has removed it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _thin(folder: Path) -> None:
    kept = sorted(folder.iterdir(), key=_written_at)
    for path in kept[: max(0, len(kept) - KEPT)]:
        path.unlink(missing_ok=True)
