#!/usr/bin/env python3
"""Compile random convolutions of bytes with schedules, and with --lowering=reference; compare the results.

usage: check_integer_sums.py --build-dir BUILD [--seed S] [--modules N] [--seconds T] [--target TARGET]... [--keep DIR]

Each module has eight layers of random shapes, strides, dilations, paddings and signs, each with a requantization to
bytes. Their results are equal to the bit. Without --seed half of the modules are the same in every run, and the others
are new; the seed is printed and repeats them. Without --target modules are compiled for this machine and for x86-64-v3,
where it can run its code. With --seconds modules are generated until the time is over. With --keep the modules that
fail are kept there. Ends with a line `N passed, M failed`.
"""

import argparse
import platform
import random
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import npy
import random_integers
from checking import JOBS, PROBLEMS, attempt, finish, numbered_seeds, run

LAYERS = 8
FIXED = "always"  # the seed of modules that are the same in every run


def check(tools, seed, options, folder):
    """One module; returns the schedules that its kernels have."""
    rng = random.Random(seed)
    module = random_integers.generate(rng, LAYERS)
    (folder / "module.mlir").write_text(module.text(), encoding="utf-8")
    for name, array in module.arrays.items():
        npy.write(folder / f"{name}.npy", array)
    files = [f"{name}={folder / name}.npy" for name in module.arrays]
    expected, schedules = folder / "outputs", set()
    for target in ["reference", *options.targets]:
        threads = rng.choice(["none", "callback"])
        chosen = ["--lowering=reference"] if target == "reference" else [f"--target={target}"]
        run(tools / "sepconv-compile", folder / "module.mlir", "--name=net", "--emit=shared", "-o", folder / target,
            f"--threads={threads}", *chosen)
        product = folder / target / "libnet.so"
        if target == "reference":
            run(tools / "sepconv-run", product, *files, "-o", expected)
            continue
        comparisons = [f"--compare=out{n}={expected / f'out{n}.npy'}" for n in range(len(module.results))]
        run(tools / "sepconv-run", product, *files, *comparisons, "--tolerance=0",
            f"--threads={2 * (threads == 'callback')}")
        schedules |= set(re.findall(r"schedule (\w+)", run(tools / "sepconv-run", product, "--describe")))
    return schedules


def keeping(tools, seed, options, folder):
    try:
        return check(tools, seed, options, folder)
    except PROBLEMS:
        if options.keep:
            shutil.copytree(folder, options.keep / seed, dirs_exist_ok=True)
        raise


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("--seed")
    parser.add_argument("--modules", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--target", action="append", dest="targets")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    options.fixed = not options.seed and not options.seconds
    options.seed = options.seed or str(random.SystemRandom().randrange(1 << 32))
    tools = options.build_dir.resolve() / "bin"
    if not options.targets:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8") if platform.machine() == "x86_64" else ""
        options.targets = ["host"] + ["x86-64-v3"] * bool(re.search(r"\bavx2\b.*\bbmi2\b", flags))
    print(f"random modules with --seed={options.seed}", flush=True)
    passed, failed, used = 0, 0, set()
    with ThreadPoolExecutor(JOBS) as pool:
        for seed, (schedules, problem) in pool.map(lambda s: (s, attempt(keeping, tools, s, options)),
                                                  numbered_seeds(options, FIXED)):
            used |= schedules
            passed, failed = passed + (problem is None), failed + (problem is not None)
            if problem:
                print(f"FAILED: {seed}: {problem}", flush=True)
    print(f"schedules run: {', '.join(sorted(used))}")
    return finish(passed, failed)


if __name__ == "__main__":
    sys.exit(main())
