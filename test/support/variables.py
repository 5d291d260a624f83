"""The variables of a product, and the functions on them. Standard library only."""

import argparse
import array
import ctypes
from pathlib import Path

import npy
from checking import Failure, attempt, finish, output_of
from product import Buffer, Product, structure

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "test/Execution/variables"


def compile_model(options, directory, model, *arguments):
    command = [options.build_dir / "bin/sepconv-compile", model, "-o", directory, "--name=net"]
    output_of(*command, "--emit=shared", *arguments)
    return directory / "libnet.so"


class Variables:
    """The variables of a product, and the functions on them."""

    def __init__(self, library):
        self.product = Product(library, "net")
        self.described = self.product.description["weights"]["arguments"]
        self.buffers = {weight["name"]: Buffer(weight["bytes"], 4) for weight in self.described}

    def call(self, function, *before, after=(), buffers=None):
        entry = getattr(self.product.library, "net_" + function)
        entry.restype = ctypes.c_int
        buffers = self.buffers.values() if buffers is None else buffers
        arguments = sum((buffer.arguments() for buffer in after), [])
        status = entry(*before, structure(buffers), *arguments)
        for name, buffer in self.buffers.items():
            buffer.check(name)
        return status

    def init(self, seed):
        expect(self.call("init", ctypes.c_uint64(seed)) == 0, "init failed")
        return [buffer.content() for buffer in self.buffers.values()]

    def run(self, inputs, batch=1):
        self.product.weights = [structure(self.buffers.values())]
        return self.product.run(inputs, batch=batch)

    def values(self, name):
        return array.array("f", self.buffers[name].content())


def expect(condition, message):
    if not condition:
        raise Failure(message)


def close(got, expected, what, tolerance=1e-5):
    scale = max(map(abs, expected))
    error = max(abs(a - b) for a, b in zip(got, expected, strict=True))
    expect(error <= tolerance * scale, f"{what}: error {error:.3g}, largest value {scale:.3g}")


def load_case(options, directory, *arguments, case="variables"):
    library = compile_model(
        options,
        directory,
        CASES / f"{case}.json",
        "--weights=arguments",
        "--with=init,loss,constraints",
        *arguments,
    )
    variables, arrays = Variables(library), npy.read_npz(CASES / f"{case}.npz")
    for name, buffer in variables.buffers.items():
        ctypes.memmove(buffer.address, arrays[f"before/{name}"].data.tobytes(), buffer.size)
    return variables, arrays


def check_all(description, checks):
    """The main function of a program with these checks, of options and a folder each."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    options = parser.parse_args()
    failed = 0
    for check in checks:
        _, problem = attempt(check, options)
        if problem:
            print(f"FAILED: {check.__name__}: {problem}")
            failed += 1
    return finish(len(checks) - failed, failed)
