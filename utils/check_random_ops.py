#!/usr/bin/env python3
"""Compile random operations with schedules and with --lowering=reference, and compare the results.

usage: check_random_ops.py --build-dir BUILD [--seed S] [--modules N] [--seconds T] [--target TARGET]
                           [--keep DIRECTORY]

Each module has a dozen operations of random shapes and attributes, each an output of its own; the
largest error may be 1e-5 of the output's largest magnitude. Without --seed half of the modules are
the same in every run and half are others; the seed is printed and repeats them. With --seconds
modules are drawn until the time is over. With --keep the modules that fail stay there. Ends with a
line `N passed, M failed`.
"""

import argparse
import concurrent.futures
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import npy
from random_ops import draw_module, product

OPERATIONS = 12
TOLERANCE = 1e-5


class Failure(Exception):
    pass


def run(*command):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, timeout=600)
    if done.returncode:
        raise Failure(f"exit code {done.returncode}: {' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def write_random(path, shape, least, rng):
    values = npy.array.array("f", (rng.uniform(least, 1) for _ in range(product(shape))))
    npy.write(path, npy.Array(tuple(shape), values))
    return path


def check(tools, seed, options, folder):
    """One module; returns the schedules that its kernels have."""
    rng = random.Random(seed)
    text, inputs, weights, outputs = draw_module(rng, OPERATIONS)
    (folder / "module.mlir").write_text(text, encoding="utf-8")
    files = [write_random(folder / f"in{n}.npy", shape, -1, rng) for n, shape in enumerate(inputs)]
    for n, (shape, least) in enumerate(weights):
        files.append(f"--weights=w{n}={write_random(folder / f'w{n}.npy', shape, least, rng)}")
    threads = rng.choice(["none", "callback"])
    compile_it = [tools / "sepconv-compile", folder / "module.mlir", "--name=net", "--emit=shared",
                  f"--threads={threads}", f"--target={options.target}",
                  f"--weights={'arguments' if weights else 'embedded'}"]
    run(*compile_it, "-o", folder / "reference", "--lowering=reference")
    run(*compile_it, "-o", folder / "scheduled")
    product = folder / "scheduled" / "net.so"
    reference = folder / "outputs"
    run(tools / "sepconv-run", folder / "reference" / "net.so", *files, "-o", reference)
    comparisons = [f"--compare={reference / f'out{n}.npy'}" for n in range(outputs)]
    run(tools / "sepconv-run", product, *files, *comparisons, f"--tolerance={TOLERANCE}",
        f"--threads={2 * (threads == 'callback')}")
    return set(re.findall(r"schedule (\w+)", run(tools / "sepconv-run", product, "--describe")))


def attempt(tools, seed, options):
    """(schedules, None) or (set(), what went wrong)."""
    folder = Path(tempfile.mkdtemp(prefix="sepconv-"))
    try:
        return check(tools, seed, options, folder), None
    except (Failure, subprocess.TimeoutExpired, OSError, ValueError, struct.error) as problem:
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            shutil.copy(folder / "module.mlir", options.keep / f"{seed}.mlir")
        return set(), str(problem)
    finally:
        shutil.rmtree(folder)


def seeds(options):
    """The seeds of the modules: so many, or as long as there is time."""
    end = time.monotonic() + options.seconds if options.seconds else None
    number = 0
    while time.monotonic() < end if end else number < options.modules:
        fixed = options.fixed and number % 2
        yield f"{'always' if fixed else options.seed}.{number}"
        number += 1


def defined_schedules():
    root = Path(__file__).resolve().parent.parent / "schedules" / "generic"
    return {name for file in root.glob("*.mlir")
            for name in re.findall(r"schedule\.schedule @(\w+)", file.read_text(encoding="utf-8"))}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("--seed")
    parser.add_argument("--modules", type=int, default=24)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--target", default="host")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    options.fixed = not options.seed and not options.seconds
    options.seed = options.seed or str(random.SystemRandom().randrange(1 << 32))
    tools = options.build_dir.resolve() / "bin"
    print(f"random modules with --seed={options.seed}", flush=True)
    passed, failed, used = 0, 0, set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        drawn = seeds(options)
        running = {}
        while True:
            while len(running) < os.cpu_count() and (seed := next(drawn, None)):
                running[pool.submit(attempt, tools, seed, options)] = seed
            if not running:
                break
            done, _ = concurrent.futures.wait(running, return_when="FIRST_COMPLETED")
            for future in done:
                seed = running.pop(future)
                schedules, problem = future.result()
                used |= schedules
                passed, failed = passed + (problem is None), failed + (problem is not None)
                if problem:
                    print(f"FAILED: {seed}: {problem}", flush=True)
    unused = sorted(defined_schedules() - used)
    print(f"schedules run: {', '.join(sorted(used))}")
    # The modules that are the same in every run have each schedule.
    if unused and options.fixed and options.modules >= parser.get_default("modules"):
        print(f"FAILED: schedules never run: {', '.join(unused)}")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
