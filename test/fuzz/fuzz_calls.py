#!/usr/bin/env python3
"""Calls products with wrong arguments, and runs them on wrong files, and looks for crashes and hangs.

usage: fuzz_calls.py --build-dir DIR [--seconds N] [--seed S] [--keep DIR]

Half of the inputs are calls of NAME_run (call_product.py), half command lines of sepconv-run with .npy files, weights
files and products whose bytes are changed or whose headers lie.
"""
import struct
import subprocess
import sys
from pathlib import Path

from fuzz_import import mutate_bytes
from fuzzing import ROOT, main

CASES = ROOT / "test/Execution/keras"
MODELS = sorted(path for path in CASES.glob("*.keras") if path.stat().st_size < 60000)
SHAPES = ("()", "(2,)", "(0,)", "(1, 8, 8, 1)", "(2147483648, 2147483648)", "(9223372036854775807,)",
          "(99999999999999999999,)", "(1,,2)", "(" + "1, " * 5000 + ")", "(-1,)", "(" * 3000)
DESCRS = ("<f4", "<f8", "<f2", "<V2", "|V2", ">f4", "<i8", "|O", "", "<f4" * 1000)


def wild_npy(rng):
    descr, shape = rng.choice(DESCRS[:1] * 4 + DESCRS), rng.choice(SHAPES)
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    length = rng.choice((len(header),) * 4 + (0, 1, 65535))
    data = b"\x93NUMPY\x01\x00" + struct.pack("<H", min(length, 65535)) + header.encode() + rng.randbytes(256)
    return data if rng.random() < 0.5 else mutate_bytes(data, rng)


def call(rng, model):
    options = [f"--{option}={rng.choice(values)}" for option, values in (
        ("batch", ("2", "dynamic")), ("weights", ("file",)), ("threads", ("callback",))) if rng.random() < 0.5]
    return [sys.executable, Path(__file__).with_name("call_product.py"), TOOLS / "sepconv-compile", model,
            f"--seed={rng.randrange(2**32)}", *options]


def command_line(rng, model, folder):
    weights = rng.choice(("embedded", "file"))
    subprocess.run([TOOLS / "sepconv-compile", model, "-o", folder, "--name=net", "--emit=obj", f"--weights={weights}"],
                   check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    inputs = []
    for index in range(rng.randrange(3)):
        (folder / f"{index}.npy").write_bytes(wild_npy(rng))
        inputs.append(f"{index}.npy")
    if weights == "file" and (folder / "net.weights").exists():
        (folder / "net.weights").write_bytes(mutate_bytes((folder / "net.weights").read_bytes(), rng))
    options = [option for option in ("--benchmark", "--seconds=0.01", "--describe", "--json", "--threads=2", "-q",
                                     "-o=out", "--compare=0.npy", "--tolerance=nan", "--weights=0.npy", "--cuda",
                                     "--compare=/dev/zero", "--weights=/dev/zero") if rng.random() < 0.12]
    return ["sepconv-run", rng.choice(("net.o",) * 8 + (".", "/dev/zero", "0.npy")), *inputs, *options]


def generate(rng, folder):
    model = rng.choice(MODELS)
    return call(rng, model) if rng.random() < 0.5 else command_line(rng, model, folder)


if __name__ == "__main__":
    given = [sys.argv[at + 1] for at, word in enumerate(sys.argv[:-1]) if word == "--build-dir"]
    TOOLS = (Path(given[0]) if given else ROOT / "build").resolve() / "bin"
    sys.exit(main(__doc__.split("\n", maxsplit=1)[0], generate))
