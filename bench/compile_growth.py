"""Measures how the time and the memory of a compilation grow with the model. See README.md."""

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "test" / "support"))
import large_models  # noqa: E402

SIZES = (1250, 2500, 5000, 10000)
MOST = 1.15


def positive_list(text):
    try:
        sizes = [int(part) for part in text.split(",")]
    except ValueError:
        sizes = []
    if len(set(sizes)) < 2 or min(sizes) < 2:
        raise argparse.ArgumentTypeError(f"'{text}' is not a list of different sizes like 1000,2000,4000")
    return sorted(set(sizes))


def parse(arguments):
    p = argparse.ArgumentParser(prog="./dev bench compile", allow_abbrev=False,
                                description=__doc__.split(". ")[0] + ".")
    p.add_argument("--kinds", default=",".join(large_models.KINDS), metavar="KIND,...",
                   help=f"which models: {', '.join(large_models.KINDS)} (default: all)")
    p.add_argument("--sizes", type=positive_list, default=list(SIZES), metavar="N,...",
                   help=f"default {','.join(map(str, SIZES))}")
    p.add_argument("--compile-options", default="", metavar="OPTIONS",
                   help="options for sepconv-compile, as one argument")
    p.add_argument("--limit", type=float, default=60, metavar="S", help="seconds of a compilation (default 60)")
    p.add_argument("--build-dir", type=Path, default=Path("build"), metavar="BUILD",
                   help="the build directory, which has bin/sepconv-compile (default build)")
    args = p.parse_args(arguments)
    args.kinds = args.kinds.split(",")
    for kind in args.kinds:
        if kind not in large_models.KINDS:
            p.error(f"unknown kind '{kind}', expected one of {', '.join(large_models.KINDS)}")
    return args


def compile_model(compiler, text, options, limit):
    """Seconds of the processor and bytes of memory; None if it takes longer than the limit."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.mlir"
        model.write_text(text, encoding="utf-8")
        process = subprocess.Popen([compiler, model, "-o", folder, "--emit=obj,header", *options],
                                   stdout=subprocess.DEVNULL)
        end = time.monotonic() + limit
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > end:
                process.kill()
                os.wait4(process.pid, 0)
                return None
            time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"sepconv-compile failed (exit code {process.returncode})")
        return usage.ru_utime, usage.ru_maxrss * 1024


def exponent(points):
    """The slope of the straight line that fits the logarithms best."""
    xs, ys = zip(*((math.log(size), math.log(max(cost, 1e-3))) for size, cost in points))
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys)) / sum((a - x) ** 2 for a in xs)


def measure(kind, args, compiler):
    """Prints the row of one kind; whether it grows as it must."""
    make, options = large_models.KINDS[kind], args.compile_options.split()
    start = compile_model(compiler, make(1), options, args.limit)  # what any model takes
    row, points = [], []
    for size in args.sizes:
        cost = compile_model(compiler, make(size), options, args.limit)
        if cost is None:
            row.append(f"{'> ' + format(args.limit, '.0f') + ' s':>16}")
            break
        row.append(f"{cost[0]:7.2f} s {cost[1] / 2**20:4.0f} MB")
        points.append((size, cost[0] - start[0] if start else cost[0]))
    grows = exponent(points) if len(points) > 1 else math.nan
    good = len(points) == len(args.sizes) and grows <= MOST
    row += [" " * 16] * (len(args.sizes) - len(row))
    print(f"{kind:13} {' '.join(row)} {grows:9.2f}{'' if good else '  too much'}", flush=True)
    return good


def main(arguments=None):
    args = parse(arguments)
    compiler = args.build_dir / "bin" / "sepconv-compile"
    print(f"{'':13} {' '.join(f'{size:16}' for size in args.sizes)} {'exponent':>9}")
    good = [measure(kind, args, compiler) for kind in args.kinds]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
