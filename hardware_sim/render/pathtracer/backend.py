"""Mitsuba 3 on the processor: found, set up once, or refused with what to do about it."""

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

VARIANT = "llvm_ad_rgb"
LLVM_MAJOR = "19"
LLVM_ENV = "DRJIT_LIBLLVM_PATH"
LLVM_PLACES = (
    "/usr/lib/*/libLLVM.so.19*",
    "/usr/lib/llvm-19/lib/libLLVM*.so*",
    "/usr/lib64/libLLVM.so.19*",
    "/opt/homebrew/opt/llvm@19/lib/libLLVM.dylib",
    "/usr/local/opt/llvm@19/lib/libLLVM.dylib",
)


class TracerMissing(ImportError):
    """Path tracing needs a library that is not installed; the message says which, and how to install it."""


def llvm_library(places: Iterable[str] = LLVM_PLACES) -> Path:
    """Find LLVM 19, which compiles the tracer's loops: what `DRJIT_LIBLLVM_PATH` names, else the usual places.

    Raises:
        TracerMissing: it is nowhere.
    """
    named = os.environ.get(LLVM_ENV)
    found = [Path(named)] if named else [path for place in places for path in sorted(Path("/").glob(place[1:]))]
    library = next((path for path in found if path.is_file()), None)
    if library is None:
        where = f"{LLVM_ENV}={named} is no file" if named else f"LLVM {LLVM_MAJOR} is not installed"
        raise TracerMissing(
            f"path tracing: {where}. Install it (Debian: apt install libllvm{LLVM_MAJOR}; "
            f"macOS: brew install llvm@{LLVM_MAJOR}), or name libLLVM in {LLVM_ENV}"
        )
    return library


@cache
def load_mitsuba() -> Any:
    """Import Mitsuba in the variant that runs on any processor.

    Raises:
        TracerMissing: Mitsuba, its denoiser or LLVM 19 is not installed.
    """
    os.environ[LLVM_ENV] = str(llvm_library())
    try:
        import mitsuba
        import mitsuba_oidn  # noqa: F401  the denoiser that `develop` uses
    except ImportError as err:
        raise TracerMissing(f'path tracing: {err.name} is not installed. Run pip install "athanor[render]"') from err
    mitsuba.set_variant(VARIANT)
    return mitsuba


def use_threads(count: int) -> None:
    """Let the tracer use so many processors; 0 uses none but the caller's."""
    load_mitsuba()
    import drjit

    drjit.set_thread_count(count)
