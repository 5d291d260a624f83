#!/usr/bin/env python3
"""Compile random convolutions of bytes with schedules, and with --lowering=reference; compare the results.

usage: check_integer_sums.py --build-dir BUILD [--seed S] [--modules N] [--seconds T] [--target TARGET]... [--keep DIR]

Each module has eight layers of random shapes, strides, dilations, paddings and signs, each with a requantization to
bytes. Their results are equal to the bit. Without --seed half of the modules are the same in every run, and the others
are new; the seed is printed and repeats them. Without --target modules are compiled for this machine and for x86-64-v3,
where it can run its code; code for aarch64 runs in an emulator. With --seconds modules are generated until the time is
over. With --keep the modules that fail are kept there. Ends with a line `N passed, M failed`.
"""

import argparse
import platform
import random
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import c_program
import npy
import random_integers
from checking import Failure, JOBS, PROBLEMS, attempt, finish, numbered_seeds, run

LAYERS = 8
CROSS, EMULATOR = "aarch64-linux-gnu-gcc", "qemu-aarch64"
FIXED = "always"  # the seed of modules that are the same in every run


def check_emulated(folder, target, inputs, expected, threads):
    """The same by a C program, for an aarch64 processor with all that qemu knows."""
    files = [*inputs.items(), *((path.stem, npy.read(path)) for path in expected)]
    buffers = [c_program.Buffer(name, len(array.data), name.startswith("out")) for name, array in files]
    program = c_program.source("net", buffers, 1, [], ", NULL, NULL" if threads == "callback" else "")
    stream = b"".join(array.data.tobytes() for array in inputs.values())
    answer = c_program.run(folder / target, "net", program, stream, [CROSS], ["-static"], [EMULATOR, "-cpu", "max"])
    for name, array in files[len(inputs):]:
        content, answer = answer[:len(array.data)], answer[len(array.data):]
        if content != array.data.tobytes():
            raise Failure(f"{target}: {name} differs")


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
        run(tools / "sepconv-compile", folder / "module.mlir", "--name=net", "-o", folder / target,
            f"--threads={threads}", *chosen, "--emit=lib,header" if target.startswith("aarch64") else "--emit=shared")
        outputs = [expected / f"out{n}.npy" for n in range(len(module.results))]
        if target.startswith("aarch64"):
            check_emulated(folder, target, module.arrays, outputs, threads)
            report = (folder / target / "net.h").read_text(encoding="utf-8")
            schedules |= set(re.findall(r"schedule (\w+)", report))
            continue
        product = folder / target / "libnet.so"
        if target == "reference":
            run(tools / "sepconv-run", product, *files, "-o", expected)
            continue
        comparisons = [f"--compare={path.stem}={path}" for path in outputs]
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
    parser.add_argument("--modules", type=int, default=4)
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
    if any(target.startswith("aarch64") for target in options.targets) and not (
            shutil.which(CROSS) and shutil.which(EMULATOR)):
        print(f"no {CROSS} or no {EMULATOR}")
        return finish(0, 0, skipped=options.modules)
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
