#!/usr/bin/env python3
"""Feeds random modules to the compiler and to sepconv-opt and looks for crashes and hangs.

usage: fuzz_mlir.py --build-dir DIR [--seconds N] [--seed S] [--keep DIR]

Each module is one of the repository's tests, or has operations of the sepconv dialect whose sizes and attributes are
usual, at the limits or far beyond them; then types, attributes, lines and bytes are mutated.
"""
import sys

from fuzzing import ROOT, main
from mutations import ELEMENTS, LARGE, change

sys.path.insert(0, str(ROOT / "test/support"))
from random_modules import generate_module  # noqa: E402
from random_ops import ELEMENTS as DTYPES, ModuleGenerator  # noqa: E402
from random_shapes import Window  # noqa: E402

# Every operation and attribute that any stage makes is in one of them.
TESTS = sorted(path for path in (ROOT / "test").rglob("*.mlir") if "Inputs" not in path.parts)


class WildWindow(Window):
    def __init__(self, rng, height, width, sizes=(1, 2, 3, 3, 3, 4, 5, 7, 15)):
        super().__init__(rng, height, width, sizes)
        for values in (self.size, self.strides, self.dilations, self.padding):
            for i, value in enumerate(values):
                values[i] = value if rng.random() < 0.95 else rng.choice(LARGE)


class WildModuleGenerator(ModuleGenerator):
    max_elements = 2**100
    window = WildWindow

    def image(self):
        if self.rng.random() < 0.5:
            return super().image()
        return [size if self.rng.random() < 0.8 else self.rng.choice((0, *LARGE)) for size in super().image()]

    def constant(self, shape, least=-1.0):
        if self.weights is not None:
            return super().constant(shape, least)
        # Of any type, and as large as one likes.
        value = self.name()
        self.lines.append(f"{value} = arith.constant dense<0.5> : {self.tensor(shape)}")
        return value


def generate_wild(rng, operations):
    while True:
        try:
            text = generate_module(rng, operations, "float32", "float32", WildModuleGenerator)[0]
            return text if rng.random() < 0.7 else text.replace("f32", rng.choice(ELEMENTS))
        except (ValueError, ZeroDivisionError):  # an image without elements has no window for a pool
            continue


def generate_right(rng, operations):
    dtype = rng.choice(sorted(DTYPES))
    return generate_module(rng, operations, dtype, dtype)[0]


def choose_test(rng, _):
    return rng.choice(rng.choice(TESTS).read_text(encoding="utf-8").split("// -----"))


def module(rng):
    generator = rng.choice((generate_right, generate_wild, choose_test))
    text = generator(rng, rng.choice((1, 1, 1, 2, 3)))
    for _ in range(rng.choice((0, 0, 0, 0, 1, 1, 1, 2, 3))):
        text = change(text, rng)
    return text


def stage(rng):
    options = [f"{option}={rng.choice(values)}" for option, values in (
        ("weights", ("embedded", "file", "arguments", "none")), ("threads", ("none", "callback")),
        ("lowering", ("halide", "reference")), ("name", ("net", "1", "main")),
        ("target", ("generic", "x86-64-v3", "x86-64-multi", "aarch64", "none"))) if rng.random() < 0.2]
    last = rng.choice(("graph", "kernels", "scheduled", "scheduled", "loops", "llvm"))
    return f"--sepconv-to-{last}={' '.join(options)}"


def generate(rng, folder):
    options = ["--emit=header,lib,report-json", "-o", "out"]
    (folder / "module.mlir").write_text(module(rng), encoding="utf-8")
    if rng.random() < 0.4:
        return ["sepconv-opt", "module.mlir", stage(rng), "-o", "out.mlir"]
    if rng.random() < 0.1:
        options += ["--weights=arguments", f"--with={rng.choice(('init', 'loss', 'init,loss,constraints'))}"]
    for option, values in (("weights", ("file", "arguments")), ("threads", ("callback",)), ("lowering", ("reference",)),
                           ("target", ("aarch64", "x86-64-v2", "x86-64-multi"))):
        if rng.random() < 0.2:
            options.append(f"--{option}={rng.choice(values)}")
    return ["sepconv-compile", "module.mlir", *options]


if __name__ == "__main__":
    sys.exit(main(__doc__.split("\n", maxsplit=1)[0], generate))
