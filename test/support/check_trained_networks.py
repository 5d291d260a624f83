#!/usr/bin/env python3
"""Compare trained networks of others with ONNX Runtime and LiteRT.

usage: check_trained_networks.py --build-dir DIR [MODEL.onnx[:NAME=SIZE,...]] [MODEL.tflite] ...

Installs the runtimes and the wheels that have the networks into a virtual environment that is removed afterwards:
those of MediaPipe that find faces and their landmarks, and those of rapidocr that find, turn and read lines of text.
Then compare_with_litert.py and compare_with_onnxruntime.py compare; further models are compared too.
"""
import argparse
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from checking import Failure, execute, finish

SUPPORT = Path(__file__).resolve().parent
RUNTIMES = ("numpy", "onnxruntime", "ai-edge-litert")
WHEELS = ("rapidocr-onnxruntime==1.4.4",)  # compare_with_litert.py fetches its own


def install(folder):
    """The Python of an environment with everything that the two programs need."""
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    execute(python, "-m", "pip", "install", "--quiet", *RUNTIMES, timeout=1800)
    execute(python, "-m", "pip", "install", "--quiet", "--no-deps", *WHEELS, timeout=600)
    return python


def compare(python, program, build, models):
    """What a program found: how many passed, and how many failed."""
    done = subprocess.run([python, SUPPORT / program, "--build-dir", build, *models], text=True, check=False,
                          stdout=subprocess.PIPE)
    print(done.stdout, end="", flush=True)
    counts = re.findall(r"^(\d+) passed, (\d+) failed", done.stdout, re.M)
    if not counts:
        raise Failure(f"{program} ended with code {done.returncode} and said no result")
    return tuple(int(count) for count in counts[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, required=True)
    parser.add_argument("models", nargs="*")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sepconv-trained-") as folder:
        python = install(Path(folder))
        runs = [("compare_with_litert.py", []), ("compare_with_onnxruntime.py", [])]
        runs += [(f"compare_with_{'litert' if model.endswith('.tflite') else 'onnxruntime'}.py", [model])
                 for model in options.models]
        results = [compare(python, program, options.build_dir.resolve(), models) for program, models in runs]
    return finish(sum(passed for passed, _ in results), sum(failed for _, failed in results))


if __name__ == "__main__":
    sys.exit(main())
