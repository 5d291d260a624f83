#!/usr/bin/env python3
"""float64.py DIR: writes a module of functions of float64, and what they are applied to.
float64.py DIR OUTPUTS: compares the results with libm's, in units of the last place."""

import math
import sys
from pathlib import Path

import numpy as np

FUNCTIONS = {"exp": math.exp, "expm1": math.expm1, "log": math.log, "log1p": math.log1p, "tanh": math.tanh,
             "erf": math.erf}
SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 2.2e-308, 1e-310, 1.7e308, -1.7e308, 709.7, 709.8,
           -745.1, -745.2, 1.0, -1.0, 0.5, math.log(2) / 2, math.sqrt(0.5), math.sqrt(2), 6.0, 40.0, -40.0, 22.0]


def inputs():
    rng = np.random.default_rng(1)
    some = [np.array(SPECIAL), rng.uniform(-2, 2, 4000), rng.uniform(-750, 750, 1000), rng.normal(0, 1e-3, 1000),
            np.exp(rng.uniform(-700, 700, 1000)), rng.uniform(0.6, 1.5, 975)]
    return np.concatenate(some)[None, :]


def answer(function, x):
    try:
        return function(x)
    except OverflowError:
        return math.inf
    except ValueError:  # of what there is no logarithm of
        return -math.inf if x == (0 if function is math.log else -1) else math.nan


def write(folder):
    x = inputs()
    np.save(folder / "x.npy", x)
    shape = f"tensor<1x{x.size}xf64>"
    lines, identity = [f"%e = tensor.empty() : {shape}"], "affine_map<(i, j) -> (i, j)>"
    for name in FUNCTIONS:
        lines.append(f'%{name} = linalg.generic {{indexing_maps = [{identity}, {identity}], '
                     f'iterator_types = ["parallel", "parallel"]}} ins(%x : {shape}) outs(%e : {shape}) {{\n'
                     "^bb0(%a: f64, %o: f64):\n"
                     f"%r = math.{name} %a : f64\nlinalg.yield %r : f64\n}} -> {shape}")
    results = ", ".join(f'{shape} {{sepconv.name = "{name}"}}' for name in FUNCTIONS)
    text = "\n".join(lines)
    (folder / "module.mlir").write_text(
        f'func.func @main(%x: {shape} {{sepconv.name = "x"}}) -> ({results}) {{\n{text}\n'
        f"return {', '.join('%' + name for name in FUNCTIONS)} : {', '.join([shape] * len(FUNCTIONS))}\n}}\n")


def compare(folder, outputs):
    x = np.load(folder / "x.npy").ravel()
    for name, function in FUNCTIONS.items():
        expected = np.array([answer(function, float(v)) for v in x])
        actual = np.load(outputs / f"{name}.npy").ravel()
        same = (expected == actual) & (np.signbit(expected) == np.signbit(actual))
        same |= np.isnan(expected) & np.isnan(actual)
        with np.errstate(all="ignore"):
            ulps = np.where(same, 0, np.abs(actual - expected) / np.spacing(np.abs(expected)))
        worst = int(np.argmax(np.where(np.isnan(ulps), np.inf, ulps)))
        good = ulps[worst] <= 3
        print(f"{name}: {'within' if good else 'MORE THAN'} 3 units: {ulps[worst]:.2f} at {x[worst]!r}, "
              f"{actual[worst]!r} instead of {expected[worst]!r}")


if len(sys.argv) == 2:
    write(Path(sys.argv[1]))
else:
    compare(Path(sys.argv[1]), Path(sys.argv[2]))
