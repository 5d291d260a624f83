#!/usr/bin/env python3
"""Compile random operations with schedules, and in float64 with --lowering=reference; compare the results.

usage: check_random_ops.py --build-dir BUILD [--seed S] [--modules N] [--seconds T] [--target TARGET]
                           [--keep DIRECTORY] [--ptxas PTXAS]

Each module has a dozen operations of random shapes and attributes and one element type; each operation
is a separate output. Some of float32 are compiled with --compute=bf16 or f16, as is the reference then.
TOLERANCES are the largest errors allowed, relative to the output's largest magnitude. Without --seed half
of the modules are the same in every run, and run each schedule in each type, and the others are new; the
seed is printed and repeats them. What an emulated GPU runs is also assembled by CUDA's ptxas, if it is
there, for alternating chips. With --seconds modules are generated until the time is over. With --keep the
modules that fail are kept there. Ends with a line `N passed, M failed`.
"""

import argparse
import concurrent.futures
import random
import re
import shutil
import sys
import tempfile
from pathlib import Path

import npy
from checking import CHIPS, JOBS, PROBLEMS, add_ptxas, finish, numbered_seeds, run
from random_modules import generate_with_oracle

OPERATIONS = 12
FIXED = "always"  # the seed of modules that are the same in every run
# Those of float16 and bfloat16 are four times what rounding to 11 and 8 bits takes: of a sum, and of what is
# added to it afterwards.
TOLERANCES = {"float32": 1e-5, "float64": 1e-12, "float16": 2**-9, "bfloat16": 2**-6}
COMPUTE = {"f16": "float16", "bf16": "bfloat16"}  # of --compute


def compile_and_bind(tools, folder, module, arrays, *options):
    """A product, and the arguments that sepconv-run takes for its inputs and weights."""
    folder.mkdir()
    (folder / "module.mlir").write_text(module, encoding="utf-8")
    run(tools / "sepconv-compile", folder / "module.mlir", "--name=net", "--emit=shared", "-o", folder, *options)
    for name, array in arrays.items():
        npy.write(folder / f"{name}.npy", array)
    files = [f"--weights={name}={folder / name}.npy" if name.startswith("w") else folder / f"{name}.npy"
             for name in arrays]
    return folder / "libnet.so", files


def check(tools, seed, options, folder):
    """One module; returns the schedules that its kernels have, each with the type."""
    rng = random.Random(seed)
    name, number = seed.rsplit(".", 1)
    fixed = name == FIXED
    dtype = list(TOLERANCES)[int(number) // 2 % len(TOLERANCES)] if fixed else rng.choice(
        ["float32"] * 3 + list(TOLERANCES))
    module, oracle, arrays, weights, outputs = generate_with_oracle(rng, None if fixed else OPERATIONS, dtype)
    # Weights that are arguments would be of another type.
    compute = None if fixed or weights or dtype != "float32" else rng.choice([None, None, *COMPUTE])
    if compute:
        oracle, dtype = module, COMPUTE[compute]
    precise = arrays if compute else {name: npy.convert(array, "float64") for name, array in arrays.items()}
    threads = rng.choice(["none", "callback"])
    compile_options = [f"--threads={threads}", f"--target={options.target}",
                       f"--weights={'arguments' if weights else 'embedded'}",
                       *([f"--compute={compute}"] if compute else [])]
    product, files = compile_and_bind(tools, folder / "reference", oracle, precise, *compile_options,
                                      "--lowering=reference")
    expected = folder / "outputs"
    run(tools / "sepconv-run", product, *files, "-o", expected)
    product, files = compile_and_bind(tools, folder / "scheduled", module, arrays, *compile_options)
    comparisons = [f"--compare={expected / f'out{n}.npy'}" for n in range(outputs)]
    run(tools / "sepconv-run", product, *files, *comparisons, f"--tolerance={TOLERANCES[dtype]}",
        f"--threads={2 * (threads == 'callback')}")
    if options.ptxas and options.target == "nvptx-emulated":
        run(tools / "sepconv-compile", folder / "scheduled" / "module.mlir", "--name=net", "--emit=cubin", "-o", folder,
            f"--ptxas={options.ptxas}", f"--target=nvptx-{CHIPS[int(number) % len(CHIPS)]}", *compile_options[2:])
    schedules = re.findall(r"schedule (\w+)", run(tools / "sepconv-run", product, "--describe"))
    return {f"{schedule} {dtype}" for schedule in schedules}


def attempt(tools, seed, options):
    """(schedules, None) or (set(), what went wrong)."""
    folder = Path(tempfile.mkdtemp(prefix="sepconv-"))
    try:
        return check(tools, seed, options, folder), None
    except PROBLEMS as problem:
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            last = max(folder.glob("*/module.mlir"), key=lambda path: path.stat().st_mtime)
            shutil.copy(last, options.keep / f"{seed}.mlir")
        return set(), str(problem)
    finally:
        shutil.rmtree(folder)


def defined_schedules(target):
    """Those that each target of a kind has, with each type."""
    folder = "nvptx" if target.startswith("nvptx") else "generic"
    root = Path(__file__).resolve().parents[2] / "schedules" / folder
    return {f"{name} {dtype}" for dtype in TOLERANCES for file in root.glob("*.mlir")
            for name in re.findall(r"schedule\.schedule @(\w+)", file.read_text(encoding="utf-8"))}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("--seed")
    parser.add_argument("--modules", type=int, default=24)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--target", default="host")
    parser.add_argument("--keep", type=Path)
    add_ptxas(parser)
    options = parser.parse_args()
    options.fixed = not options.seed and not options.seconds
    options.seed = options.seed or str(random.SystemRandom().randrange(1 << 32))
    tools = options.build_dir.resolve() / "bin"
    print(f"random modules with --seed={options.seed}", flush=True)
    passed, failed, used = 0, 0, set()
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        remaining = numbered_seeds(options, FIXED)
        running = {}
        while True:
            while len(running) < JOBS and (seed := next(remaining, None)):
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
    unused = sorted(defined_schedules(options.target) - used)
    print(f"schedules run: {', '.join(sorted({name.split()[0] for name in used}))}")
    # The modules that are the same in every run have each schedule in each type.
    if unused and options.fixed and options.modules >= parser.get_default("modules"):
        print(f"FAILED: schedules never run: {', '.join(unused)}")
        failed += 1
    return finish(passed, failed)


if __name__ == "__main__":
    sys.exit(main())
