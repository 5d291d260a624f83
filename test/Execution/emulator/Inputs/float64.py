#!/usr/bin/env python3
"""float64.py DIR: writes a module of float64 functions, and their inputs.
float64.py DIR OUTPUTS: compares the results with libm's, in units of the last place.
"""

import math
import sys
from pathlib import Path

import numpy as np

# By the name of the operation; NumPy knows cube roots and powers of 2 of every Python.
FUNCTIONS = {name: getattr(math, name) for name in (
    "exp", "expm1", "log", "log1p", "log2", "log10", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc",
    "sin", "cos", "tan", "asin", "acos", "atan")}
FUNCTIONS |= {"exp2": np.exp2, "cbrt": np.cbrt, "powf": math.pow, "atan2": math.atan2}
OF_TWO = ("powf", "atan2")
ANGLES = ("sin", "cos", "tan")
UNITS = {"erfc": 8}
SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 2.2e-308, 1e-310, 1.7e308, -1.7e308, 709.7, 709.8,
           -745.1, -745.2, 1.0, -1.0, 0.5, math.log(2) / 2, math.sqrt(0.5), math.sqrt(2), 6.0, 40.0, -40.0, 22.0,
           math.pi / 2, math.pi, 1e5 * math.pi, 0.41421356237309503, 3.0, -3.0, 1e22, 2.0**-1060, 1000.0, 710.4, -2.5]


def inputs():
    rng = np.random.default_rng(1)
    some = [np.array(SPECIAL), rng.uniform(-2, 2, 4000), rng.uniform(-750, 750, 1000), rng.normal(0, 1e-3, 1000),
            np.exp(rng.uniform(-700, 700, 1000)), rng.uniform(0.6, 1.5, 975), rng.uniform(-1e9, 1e9, 1000)]
    x = np.concatenate(some)
    y = np.concatenate([rng.permutation(some[0]), rng.uniform(-40, 40, len(x) - len(SPECIAL))])
    pairs = np.array([(a, b) for a in SPECIAL for b in SPECIAL]).T
    return np.concatenate([x, pairs[0]])[None, :], np.concatenate([y, pairs[1]])[None, :]


def answer(name, x, y):
    if name in ANGLES and abs(x) >= 2**40:
        return math.nan
    try:
        with np.errstate(all="ignore"):
            return float(FUNCTIONS[name](*([x, y] if name in OF_TWO else [x])))
    except OverflowError:
        odd = name == "powf" and x < 0 and y == int(y) and int(y) % 2
        return -math.inf if odd or (name == "sinh" and x < 0) else math.inf
    except ValueError:  # poles, and what is not defined
        if name == "powf" and x == 0:
            return math.copysign(math.inf, x) if y % 2 == 1 else math.inf
        if name == "atanh" and abs(x) == 1:
            return math.copysign(math.inf, x)
        pole = {"log": 0, "log2": 0, "log10": 0, "log1p": -1}.get(name)
        return -math.inf if x == pole else math.nan


def write(folder):
    x, y = inputs()
    np.save(folder / "x.npy", x)
    np.save(folder / "y.npy", y)
    shape = f"tensor<1x{x.size}xf64>"
    lines, identity = [f"%e = tensor.empty() : {shape}"], "affine_map<(i, j) -> (i, j)>"
    for name in FUNCTIONS:
        arguments = "%a, %b" if name in OF_TWO else "%a"
        lines.append(f'%{name} = linalg.generic {{indexing_maps = [{identity}, {identity}, {identity}], '
                     f'iterator_types = ["parallel", "parallel"]}} ins(%x, %y : {shape}, {shape}) '
                     f"outs(%e : {shape}) {{\n^bb0(%a: f64, %b: f64, %o: f64):\n"
                     f"%r = math.{name} {arguments} : f64\nlinalg.yield %r : f64\n}} -> {shape}")
    results = ", ".join(f'{shape} {{sepconv.name = "{name}"}}' for name in FUNCTIONS)
    text = "\n".join(lines)
    (folder / "module.mlir").write_text(
        f'func.func @main(%x: {shape} {{sepconv.name = "x"}}, %y: {shape} {{sepconv.name = "y"}}) -> ({results}) {{\n'
        f"{text}\nreturn {', '.join('%' + name for name in FUNCTIONS)} : {', '.join([shape] * len(FUNCTIONS))}\n}}\n")


def compare(folder, outputs):
    x, y = np.load(folder / "x.npy").ravel(), np.load(folder / "y.npy").ravel()
    for name in FUNCTIONS:
        expected = np.array([answer(name, float(a), float(b)) for a, b in zip(x, y)])
        actual = np.load(outputs / f"{name}.npy").ravel()
        same = (expected == actual) & (np.signbit(expected) == np.signbit(actual))
        same |= np.isnan(expected) & np.isnan(actual)
        with np.errstate(all="ignore"):
            ulps = np.where(same, 0, np.abs(actual - expected) / np.spacing(np.abs(expected)))
        worst = int(np.argmax(np.where(np.isnan(ulps), np.inf, ulps)))
        units = UNITS.get(name, 3)
        good = ulps[worst] <= units
        print(f"{name}: {'within' if good else 'MORE THAN'} {units} units: {ulps[worst]:.2f} at {float(x[worst])!r}"
              f"{', %r' % float(y[worst]) if name in OF_TWO else ''}, {float(actual[worst])!r} instead of "
              f"{float(expected[worst])!r}")


if len(sys.argv) == 2:
    write(Path(sys.argv[1]))
else:
    compare(Path(sys.argv[1]), Path(sys.argv[2]))
