#!/usr/bin/env python3
"""Compile the models of test/Execution/keras and compare their outputs with those of Keras.

Each case is compiled with sepconv-compile, loaded in its own process and run on the inputs in
CASE.npz; the largest error may be 1e-5 of the largest magnitude of the output. --random N generates N
more models (this needs Keras 3). The exit code is 1 if a case fails. Everything else needs only
the standard library.
"""

import argparse
import concurrent.futures
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import npy
from checking import JOBS, finish

SUPPORT = Path(__file__).resolve().parent
ROOT = SUPPORT.parents[1]
# What normalizes by the statistics of the batch or moves it: rejected where that is dynamic (refusals.test).
WHOLE_BATCH = {"keras2_training", "operations_places"}


# A narrow type's rounding is seen, and Keras adds up in it.
TOLERANCES = {"float16": 4e-3, "bfloat16": 3e-2}


def tolerance(options, model):
    return max(options.tolerance, TOLERANCES.get(model.stem.split("_")[0], 0))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    parser.add_argument("--compiler", type=Path, help="default: the build folder's")
    parser.add_argument("--cases", type=Path, default=ROOT / "test/Execution/keras")
    parser.add_argument("--filter", default="", help="only the cases whose name contains this")
    parser.add_argument("--batch", default="1", choices=["1", "2", "dynamic"])
    parser.add_argument("--tolerance", type=float, default=1e-5)
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument(
        "--keep", type=Path, help="a directory for what is compiled (default: deleted)"
    )
    parser.add_argument(
        "--via-c", action="store_true", help="run a C program linked with the static library"
    )
    parser.add_argument("--emulator", help='runs C programs, e.g. "qemu-x86_64 -cpu Haswell"')
    parser.add_argument(
        "--random", type=int, default=0, metavar="N", help="generate N random models instead"
    )
    parser.add_argument("--seed", type=int, default=0)
    for name, choices in (
        ("target", None),
        ("lowering", ["halide", "reference"]),
        ("threads", ["none", "callback"]),
        ("weights", ["embedded", "file", "arguments"]),
    ):
        parser.add_argument(f"--{name}", choices=choices, help=f"as sepconv-compile's --{name}")
    parser.add_argument(
        "--compile-option", action="append", default=[], help="any other option of sepconv-compile"
    )
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"),
                        help="the compiler of C programs (default: $CC, or cc)")
    options = parser.parse_args()
    if (options.target or "").startswith("aarch64"):
        options.cc, options.emulator = "aarch64-linux-gnu-gcc", "qemu-aarch64"
    options.via_c = options.via_c or bool(options.emulator)
    if options.via_c and options.weights not in (None, "embedded"):
        parser.error("--via-c, --emulator and aarch64 work with embedded weights only")
    return options


def compile_command(options, model, directory, name):
    command = [options.compiler, model, "-o", directory, f"--name={name}"]
    command += ["--emit=lib,header" if options.via_c else "--emit=shared"]
    for option in ("target", "lowering", "threads", "weights"):
        if getattr(options, option):
            command.append(f"--{option}={getattr(options, option)}")
    return command + [f"--batch={options.batch}"] + options.compile_option


def emulate_command(options, model, directory, name):
    """sepconv-run has the emulated GPU."""
    runner, product = options.compiler.with_name("sepconv-run"), directory / f"lib{name}.so"
    described = subprocess.run([runner, product, "--describe", "--json"], capture_output=True, text=True, check=True)
    outputs = json.loads(described.stdout)["outputs"]
    inputs, results = [], []
    for key, value in npy.read_npz(model.with_suffix(".npz")).items():
        npy.write(directory / f"{key}.npy", value)
        (inputs if key.startswith("input") else results).append(key)
    compare = [f"--compare={port['c_name']}={directory}/output{index}.npy" for index, port in enumerate(outputs)]
    if len(compare) != len(results):
        raise ValueError(f"expected {len(results)} outputs, found {len(compare)}")
    return [runner, product, *(directory / f"input{index}.npy" for index in range(len(inputs))), *compare,
            f"--tolerance={tolerance(options, model)}"]


def run_command(options, model, directory, name):
    if options.target == "nvptx-emulated":
        return emulate_command(options, model, directory, name)
    arrays = model.with_suffix(".npz")
    threads = options.threads == "callback"
    tail = ["--tolerance", tolerance(options, model)]
    if options.via_c:
        tail += [f"--cc={options.cc}"] + ["--threads"] * threads
        tail += [f"--emulator={options.emulator}"] * bool(options.emulator)
        return [
            sys.executable,
            SUPPORT / "run_product_c.py",
            directory,
            name,
            arrays,
            "--batch",
            options.batch,
            *tail,
        ]
    if options.weights == "file":
        tail += ["--weights-file", directory / f"{name}.weights"]
    if options.weights == "arguments":
        tail += ["--arguments", model.with_suffix(".weights.npz")]
    if threads:
        tail += ["--pool", 3]
    return [sys.executable, SUPPORT / "run_product.py", directory / f"lib{name}.so", name, arrays, *tail]


def explain(result):
    if result.returncode < 0:
        return f"crashed with {signal.Signals(-result.returncode).name}\n{result.stderr}"
    return (result.stdout + result.stderr).strip() or f"exit status {result.returncode}"


def check(options, model, scratch):
    """None if the case passes, else what went wrong."""
    name = model.stem
    directory = scratch / name
    directory.mkdir(parents=True, exist_ok=True)
    for stage, command in (
        ("compile", compile_command),
        ("run", run_command),
    ):
        command = [str(part) for part in command(options, model, directory, name)]
        try:
            result = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=300
            )
        except subprocess.TimeoutExpired:
            return f"{stage}: no end after 300 s\n$ {shlex.join(command)}"
        if result.returncode:
            return f"{stage}: {explain(result)}\n$ {shlex.join(command)}"
    return None


def main():
    options = parse_arguments()
    options.compiler = options.compiler or options.build_dir / "bin/sepconv-compile"
    if not options.compiler.is_file():
        sys.exit(f"{options.compiler}: not found; build it first or give --compiler")
    with tempfile.TemporaryDirectory(prefix="sepconv-cases-") as temporary:
        cases, scratch = options.cases, options.keep or Path(temporary)
        if options.random:
            from random_keras_models import generate_models  # needs Keras

            cases = scratch / "random"
            generate_models(cases, options.random, options.seed)
        models = sorted(path for suffix in ("keras", "json", "h5", "tflite") for path in cases.glob(f"*.{suffix}")
                        if not path.stem.endswith(".weights"))
        models = [model for model in models if options.filter in model.stem]
        if options.batch == "dynamic":
            models = [model for model in models if model.stem not in WHOLE_BATCH]
        if options.weights == "arguments":
            from make_keras_cases import save_weights  # needs Keras

            models = [
                save_weights(model, scratch / "weights")
                for model in models
                if model.suffix == ".keras"
            ]
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            failures = list(pool.map(lambda model: check(options, model, scratch), models))
    failed = [(model, failure) for model, failure in zip(models, failures) if failure]
    for model, failure in failed:
        print(f"FAIL {model.stem}\n  " + failure.replace("\n", "\n  "))
    if options.random:
        print(f"random models with --seed={options.seed}")
    return finish(len(models) - len(failed), len(failed)) or not models


if __name__ == "__main__":
    sys.exit(main())
