#!/usr/bin/env python3
"""Compare trained networks in ONNX with ONNX Runtime, on random images.

usage: compare_with_onnxruntime.py --build-dir DIR [MODEL.onnx[:NAME=SIZE,...] ...]

Without models: those of the package rapidocr-onnxruntime, which finds, turns and reads lines of text. Needs that
package and onnxruntime, in any virtual environment. Each output may differ by 1e-4 of its largest number.
"""
import argparse
import importlib.util
import sys
from pathlib import Path

import numpy as np
import onnxruntime

from checking import attempt, execute, finish
from product import Product

TOLERANCE = 1e-4
# Heights and widths that the networks are run with.
RAPIDOCR = {"ch_PP-OCRv4_det_infer.onnx": (320, 320), "ch_PP-OCRv4_rec_infer.onnx": (48, 320),
            "ch_ppocr_mobile_v2.0_cls_infer.onnx": (48, 192)}


def models(given):
    """Pairs of a path and the options that say its sizes."""
    for text in given:
        path, _, sizes = text.partition(":")
        yield Path(path), [f"--size={size}" for size in sizes.split(",") if size]
    if not given:
        folder = Path(importlib.util.find_spec("rapidocr_onnxruntime").origin).parent / "models"
        for name, (height, width) in RAPIDOCR.items():
            yield folder / name, [f"--height={height}", f"--width={width}"]


def check(tools, path, sizes, folder):
    """The largest error of an output, relative to its largest number."""
    execute(tools / "sepconv-compile", path, "-o", folder, "--name=m", "--emit=shared", *sizes, timeout=900)
    product = Product(str(folder / "libm.so"), "m")
    generator = np.random.default_rng(1)
    inputs = {port["name"]: generator.uniform(-1, 1, port["shape"]).astype(port["dtype"])
              for port in product.description["inputs"]}
    got = product.run([value.tobytes() for value in inputs.values()])
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for content, expected in zip(got, session.run(None, inputs), strict=True):
        result = np.frombuffer(content, expected.dtype).reshape(expected.shape)
        largest = np.abs(expected).max()
        worst = max(worst, float(np.abs(result - expected).max() / (largest or 1)))
    if worst > TOLERANCE:
        raise ValueError(f"error {worst:.3g} of the largest number, allowed {TOLERANCE:g}")
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, required=True)
    parser.add_argument("models", nargs="*")
    options = parser.parse_args()
    passed = failed = 0
    for path, sizes in models(options.models):
        worst, problem = attempt(check, options.build_dir / "bin", path, sizes)
        print(f"{path.name}: {problem or f'error {worst:.2g} of the largest number'}", flush=True)
        passed, failed = passed + (not problem), failed + bool(problem)
    return finish(passed, failed)


if __name__ == "__main__":
    sys.exit(main())
