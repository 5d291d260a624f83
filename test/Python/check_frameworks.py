#!/usr/bin/env python3
"""Compile MobileNetV2 as a Keras model, TFLite bytes, an onnx.ModelProto and a torch module, beside its framework.

usage: check_frameworks.py --build-dir BUILD [PYTHON ...]

Each kind of model is checked by the first of these Pythons that has its framework; by default by this one, which has
onnx only. `./dev test --frameworks` installs the others. Ends with a line `N passed, M failed, K skipped`.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "test/support"))

from checking import finish  # noqa: E402 (the path is set above)

KINDS = ("keras", "tflite", "onnx", "torch")
TOLERANCE = 1e-5  # of the largest magnitude
MISSING = 77


def compare(kind, python, build):
    """What the framework's process prints: (its exit code, a JSON object or the problem)."""
    environment = {**os.environ, "SEPCONV_HOME": str(build), "PYTHONPATH": str(ROOT / "python")}
    done = subprocess.run([python, HERE / "framework_models.py", kind], env=environment, capture_output=True, text=True,
                          check=False, timeout=600)
    lines = (done.stderr if done.returncode else done.stdout).strip().splitlines()
    return done.returncode, "\n".join(lines if done.returncode not in (0, MISSING) else lines[-1:])


def check(kind, pythons, build):
    """None if no Python has the framework; otherwise whether the outputs agree."""
    for python in pythons:
        code, said = compare(kind, python, build)
        if code == MISSING:
            continue
        if code:
            print(f"FAILED: {kind}: exit code {code} of {python}\n{said}")
            return False
        error = json.loads(said)["relative"]
        print(f"{kind}: the largest error of MobileNetV2 is {error:.1e} of the largest output")
        if not error <= TOLERANCE:
            print(f"FAILED: {kind}: at most {TOLERANCE} expected")
        return error <= TOLERANCE
    print(f"skipped {kind}: {said}")
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("pythons", nargs="*", default=[sys.executable], metavar="PYTHON")
    options = parser.parse_args()
    results = [check(kind, options.pythons, options.build_dir.resolve()) for kind in KINDS]
    return finish(results.count(True), results.count(False), results.count(None))


if __name__ == "__main__":
    sys.exit(main())
