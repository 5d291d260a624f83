"""What the programs that check share: how a check fails, how a command runs, and how the results are printed."""

import os
import shlex
import shutil
import struct
import subprocess
import tempfile
import time
from pathlib import Path

# How many checks run at once; ./dev test -j says it, and otherwise as many as there are cores to run on.
JOBS = int(os.environ.get("SEPCONV_JOBS") or len(os.sched_getaffinity(0)))
CHIPS = ["sm_80", "sm_90a", "sm_100a"]  # that there is code for


class Failure(Exception):
    """What is wrong with what is checked; the message is for the user."""


# What a check that goes wrong raises: files and functions may be missing, and contents malformed.
PROBLEMS = (Failure, OSError, AttributeError, KeyError, ValueError, struct.error)


def execute(*command, content=None, timeout=600):
    """Runs a command to its end, with `content` as its input."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, input=content, capture_output=True, check=False, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise Failure(f"no end after {timeout} s: {shlex.join(words)}") from None
    if done.returncode:
        said = (done.stderr + done.stdout).decode(errors="replace")
        raise Failure(f"exit code {done.returncode}: {shlex.join(words)}\n{said}")
    return done


def output_of(*command, **options):
    """The bytes that a command writes to its standard output."""
    return execute(*command, **options).stdout


def run(*command, **options):
    """What a command prints, as a text."""
    done = execute(*command, **options)
    return (done.stderr + done.stdout).decode(errors="replace")


def attempt(function, *arguments):
    """Calls a function with a folder of its own behind the arguments: (its result, None), or (None, what is wrong)."""
    with tempfile.TemporaryDirectory(prefix="sepconv-") as folder:
        try:
            return function(*arguments, Path(folder)), None
        except PROBLEMS as problem:
            return None, str(problem) if isinstance(problem, Failure) else f"{type(problem).__name__}: {problem}"


def numbered_seeds(options, fixed):
    """Seeds, so many or as long as there is time; where the user gave none, half of them begin with `fixed`."""
    end = time.monotonic() + options.seconds if options.seconds else None
    number = 0
    while time.monotonic() < end if end else number < options.modules:
        yield f"{fixed if options.fixed and number % 2 else options.seed}.{number}"
        number += 1


def add_ptxas(parser):
    parser.add_argument("--ptxas", type=find_ptxas, default=os.environ.get("PTXAS", "ptxas"),
                        help="CUDA's assembler (default: $PTXAS, or ptxas on the path or of CUDA)")


def find_ptxas(name):
    """None where it is not installed; it is often not on the path."""
    return shutil.which(name) or shutil.which("/usr/local/cuda/bin/ptxas")


def finish(passed, failed, skipped=0):
    """Prints the last line, which ./dev test reads, and returns the exit code."""
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0
