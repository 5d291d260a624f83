"""The tools that this package runs: where they are, and how sepconv-compile runs as a child process."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ._errors import CompileError, Diagnostic, Messages, SepconvError

Progress = Callable[[int, int, str], None]

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = "sepconv"  # the program that is every tool, by the name that it is called by


@functools.cache
def home() -> Path:
    """The tree that has bin/ and share/: $SEPCONV_HOME, this package's own, or that of sepconv-compile on the path.

    Raises SepconvError if there is none.
    """
    if named := os.environ.get("SEPCONV_HOME"):
        return Path(named)
    if (_PACKAGE / "bin" / _BUNDLED).exists():
        return _PACKAGE
    if found := shutil.which("sepconv-compile"):
        return Path(found).resolve().parent.parent
    raise SepconvError("sepconv-compile is not on the path, and this package has none of its own; "
                       "expected SEPCONV_HOME to name a build or an installed tree")


def executable(tool: str) -> Path:
    """The file to execute for a tool; its first argument is the tool's name."""
    bundled = home() / "bin" / _BUNDLED
    return bundled if bundled.exists() else home() / "bin" / tool


def environment() -> dict[str, str]:
    """The environment of a tool: it finds Halide's library wherever the halide package is."""
    result = dict(os.environ)
    if home() == _PACKAGE and not (_PACKAGE.parent / "halide").exists():
        halide = importlib.util.find_spec("halide")
        folders = [str(Path(folder) / "lib64") for folder in (halide and halide.submodule_search_locations) or ()]
        result["LD_LIBRARY_PATH"] = os.pathsep.join([*folders, *filter(None, [result.get("LD_LIBRARY_PATH")])])
    return result


def run_compiler(what: str, options: Iterable[str], progress: Progress | None = None,
                 temporary: str = "") -> tuple[Diagnostic, ...]:
    """Runs sepconv-compile; returns its remarks and warnings. Messages do not name the `temporary` file.

    Whatever interrupts the wait, such as Ctrl-C, ends the child first. Raises CompileError for `what`.
    """
    command = ["sepconv-compile", "--diagnostics=json", "-q", *options]
    messages = Messages(temporary)
    with subprocess.Popen(command, executable=executable("sepconv-compile"), env=environment(), text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          errors="replace") as child:
        try:
            assert child.stderr
            for line in child.stderr:
                step = messages.add(line)
                if step and progress:
                    progress(*step)
            code = child.wait()
        except BaseException:
            child.terminate()
            child.wait()
            raise
    if code:
        errors = messages.errors() or (Diagnostic(f"sepconv-compile ended with the exit code {code}"),)
        raise CompileError(what, errors)
    return messages.remarks()


def run_tool(tool: str, arguments: Sequence[str] | None = None) -> None:
    """Becomes a tool: what the commands sepconv-compile, sepconv-opt, sepconv-quantize and sepconv-run do."""
    path = executable(tool)
    try:
        os.execve(path, [tool, *(sys.argv[1:] if arguments is None else arguments)], environment())
    except OSError as error:
        raise SystemExit(f"{tool}: cannot execute '{path}': {error.strerror}") from error


def sepconv_compile() -> None:
    run_tool("sepconv-compile")


def sepconv_opt() -> None:
    run_tool("sepconv-opt")


def sepconv_quantize() -> None:
    run_tool("sepconv-quantize")


def sepconv_run() -> None:
    run_tool("sepconv-run")
