"""The Python programs that test: which there are, and the options of each run.

A program named check_*.py is given --build-dir and these options. Its last line is `N passed, M failed`; a line with
`--seed=` is always shown. Where it would take too long for every day, RUNS has a sample of it and LONG the whole.
"""

from dataclasses import dataclass
from pathlib import Path

from . import common
from .common import ROOT

# By the name of the file; a program that is not listed runs once, without options. One that only --long runs has [].
RUNS = {
    "check_function_cases.py": [[], ["--dynamic-sizes", "--times=2"], ["--target=nvptx-emulated", "--times=1"],
                                ["--target=nvptx-emulated", "--dynamic-sizes", "--times=1"]],
    "check_keras_cases.py": [[], ["--lowering=reference"], ["--target=nvptx-emulated", "--batch=dynamic"],
                             ["--via-c", "--threads=callback", "--filter=block"]],
    "check_integer_sums.py": [[], ["--target=aarch64-dotprod", "--modules=2"]],
    "check_random_ops.py": [[], ["--target=nvptx-emulated"]],
    "check_boards.py": [],
    "check_trained_networks.py": [],
    "check_frameworks.py": [],  # --frameworks runs it
    "check_quantized.py": [["--models=1"]],
}
LONG = {
    "check_gpu_layers.py": [["--unfused"]],
    "check_function_cases.py": [["--dynamic-sizes"], ["--target=nvptx-emulated"],
                                ["--target=nvptx-emulated", "--dynamic-sizes"]],
    "check_keras_cases.py": [["--via-c", "--threads=callback", f"--target={target}"]
                             for target in ("host", "x86-64-v2", "x86-64-v3", "aarch64")],
    "check_functions.py": [["--all"]],
    "check_stack.py": [["--networks"]],
    "check_onnx_backend.py": [["--all"]],
    "check_integer_sums.py": [["--modules=250"], ["--modules=50", "--target=aarch64-dotprod"]],
    "check_random_ops.py": [["--modules=200"], ["--modules=200", "--target=nvptx-emulated"]],
    "check_documents.py": [["--long"]],
    "check_quantized.py": [["--models=250", "--target", "host", "x86-64-v2", "x86-64-v3"]],
    "check_schedules.py": [["--all"]],
    "check_boards.py": [[]],
    "check_trained_networks.py": [[]],
}
# What takes long with the sanitizers, and runs no code that other programs do not run.
UNSANITIZED = {"check_documents.py", "check_gpu_layers.py", "check_notebook.py", "check_site.py", "check_wheel.py"}


@dataclass(frozen=True)
class Run:
    """One run of a program."""

    path: Path
    options: tuple = ()

    @property
    def name(self):
        return " ".join([self.path.relative_to(ROOT).as_posix(), *self.options])


def programs(prefix):
    """Those of the tree whose name begins so; what is below Inputs/ belongs to lit's tests."""
    return [path for path in common.sources(".py")
            if path.name.startswith(prefix) and "Inputs" not in path.relative_to(ROOT).parts]


def unittests(pattern):
    return [run for run in map(Run, programs("test_")) if pattern.search(run.name)]


def checkers(pattern, sanitize=False, long=False):
    runs = []
    for path in programs("check_"):
        if sanitize and path.name in UNSANITIZED:
            continue
        options = RUNS.get(path.name, [[]]) + (LONG.get(path.name, []) if long else [])
        runs += [Run(path, tuple(words)) for words in options]
    return [run for run in runs if pattern.search(run.name)]
