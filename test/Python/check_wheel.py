#!/usr/bin/env python3
"""Build the wheel, install it into an empty virtual environment, and use it there as a new user would.

usage: check_wheel.py --build-dir BUILD

Ends with a line `N passed, M failed`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "utils"), str(ROOT / "test/support")]

from checking import PROBLEMS, Failure, execute, finish, run  # noqa: E402 (the path is set above)
from dev.wheel import run_hatchling  # noqa: E402

DIGITS = ROOT / "examples/digits"
SCRIPT = f"""
import numpy, sepconv
images = numpy.load({str(DIGITS / "images.npy")!r}).astype("float32")[..., None]
expected = numpy.load({str(DIGITS / "probabilities.npy")!r})
module = sepconv.compile({str(DIGITS / "digits.keras")!r}, batch="dynamic", threads=2)
assert abs(module(images) - expected).max() < 1e-5
x = numpy.ones((1, 4, 4, 2), "float32")
y = sepconv.function("tf.keras.backend.depthwise_conv2d")(x, numpy.ones((3, 3, 2, 1), "float32"), padding="same")
assert y[0, 1, 1, 0] == 9
"""


class Environment:
    """A virtual environment with nothing but the wheel and what it requires; no other program is on its path."""

    def __init__(self, folder, wheel):
        execute(sys.executable, "-m", "venv", "--without-pip", folder)
        self.bin = folder / "bin"
        execute(sys.executable, "-m", "pip", "--python", self.bin / "python", "install", "-q", "--no-compile",
                "--disable-pip-version-check", wheel)
        self.variables = {"PATH": str(self.bin), "SEPCONV_CACHE": str(folder / "cache"), "LC_ALL": "C"}

    def run(self, *command):
        done = subprocess.run([str(word) for word in command], env=self.variables, capture_output=True, text=True,
                              check=False)
        if done.returncode:
            raise Failure(f"exit code {done.returncode}: {command}\n{done.stdout}{done.stderr}")
        return done.stdout


def check_commands(environment, folder):
    """The example of the README."""
    out = folder / "out"
    said = environment.run(environment.bin / "sepconv-compile", DIGITS / "digits.keras", "-o", out,
                           "--emit=lib,shared,header")
    if "wrote digits.h" not in said:
        raise Failure(f"expected 'wrote digits.h', found '{said}'")
    for product in ("libdigits.so", "libdigits.a"):
        environment.run(environment.bin / "sepconv-run", out / product, "--benchmark", "--seconds=0.01")
    loops = environment.run(environment.bin / "sepconv-opt", "--sepconv-to-kernels", ROOT / "test/IR/ops.mlir",
                            "--help")
    if "sepconv-to-kernels" not in loops:
        raise Failure("sepconv-opt does not list its passes")


def check_package(environment, folder):
    """A model and a function; the threads, too."""
    del folder
    environment.run(environment.bin / "python", "-c", SCRIPT)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    build = parser.parse_args().build_dir.resolve()
    failed, checks = 0, (check_commands, check_package)
    with tempfile.TemporaryDirectory() as scratch:
        run("cmake", "--build", build, "--target", "wheel-tools")
        environment = Environment(Path(scratch) / "venv", run_hatchling(build))
        for check in checks:
            try:
                check(environment, Path(scratch))
            except PROBLEMS as problem:
                print(f"FAILED: {check.__name__}: {problem}")
                failed += 1
    return finish(len(checks) - failed, failed)


if __name__ == "__main__":
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.exit(main())
