#!/usr/bin/env python3
"""Feeds random modules to the compiler and to sepconv-opt and looks for crashes and hangs.

usage: fuzz_mlir.py --build-dir DIR [--seconds N] [--seed S] [--keep DIR]

Each module is one of the repository's tests, or has operations of the sepconv dialect whose sizes and attributes are
usual, at the limits or far beyond them; then types, attributes, lines and bytes are mutated. One in eight inputs is a
folder of schedules that is mutated in the same way.
"""
import re
import shutil
import sys

from fuzzing import ROOT, main

sys.path.insert(0, str(ROOT / "test/support"))
from random_modules import generate_module  # noqa: E402
from random_ops import ELEMENTS as DTYPES, ModuleGenerator  # noqa: E402
from random_shapes import Window  # noqa: E402

# Every operation and attribute that any stage makes is in one of them.
TESTS = sorted(path for path in (ROOT / "test").rglob("*.mlir") if "Inputs" not in path.parts)
SCHEDULES = sorted((ROOT / "schedules").glob("*/*.mlir"))
LARGE = (64, 1000, 2**16, 2**20, 2**31 - 1, 2**31, 2**32, 2**40, 2**62, 2**63 - 1)
WRONG = (0, -1, -(2**31), -(2**63), 2**63, 10**30)
ELEMENTS = ("f32", "f64", "f16", "bf16", "f8E4M3FN", "f80", "tf32", "i8", "i32", "i1", "index", "complex<f32>",
            "!llvm.ptr", "vector<4xf32>", "none")
OPERATIONS = ("sepconv.conv2d", "sepconv.depthwise_conv2d", "sepconv.separable_conv2d", "sepconv.pool2d",
              "sepconv.dense", "sepconv.batch_norm", "sepconv.activation", "sepconv.yield", "sepconv.call",
              "sepconv.kernel", "linalg.softmax", "linalg.add", "tensor.concat")
WORDS = ("relu", "linear", "softmax", "nothing", "NHWC", "NCHW", "max", "average", "alpha = 0x7F800000", "nan",
         "max_value = -1.0", "threshold = 1.0e400", "alpha = 1", "true", '"text"', "unit", "dense<1.0> : tensor<4xf32>",
         "array<i64>", "array<i32: 1, 1>", "array<i64: 1, 1, 1>", "@main", "0.5 : f64", "[]", "loc(unknown)", "")
LINES = (
    "%x = arith.constant 1.0 : f32",
    "%x = arith.constant dense<1.0> : tensor<4x4x4x4xf32>",
    "%x = arith.constant dense<> : tensor<0xf32>",
    "%x = tensor.empty() : tensor<1000000x1000000xf32>",
    "%x = tensor.empty() : tensor<1x8x8x4xf32>",
    "%x = sepconv.activation(%in0) {function = #sepconv.activation<relu>} : tensor<*xf32>",
    "%i = arith.constant 0 : index %x = tensor.dim %in0, %i : tensor<1x8x8x4xf32>",
    "%x = func.call @main(%in0) : (tensor<4xf32>) -> tensor<4xf32>",
    "%x = sepconv.call @main(%in0) : (tensor<4xf32>) -> tensor<4xf32>",
    "%m = memref.alloc() : memref<4xf32> memref.dealloc %m : memref<4xf32>",
    "scf.if %c { }",
    "cf.br ^bb1 ^bb1:",
    "%x = sepconv.kernel() : () -> tensor<4xf32> { %y = tensor.empty() : tensor<4xf32> "
    "sepconv.yield %y : tensor<4xf32> }",
    "sepconv.kernel() : () -> () { sepconv.yield }",
    '"unknown.op"() : () -> ()',
    'llvm.mlir.global internal constant @w("text")',
    "func.func private @other(tensor<4xf32>) -> tensor<4xf32>",
    "func.func @second(%a: tensor<4xf32>) -> tensor<4xf32> { return %a : tensor<4xf32> }",
    "return",
)


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


def replace(text, match, new):
    return text[:match.start()] + new + text[match.end():]


def change_number(text, pattern, rng):
    places = list(re.finditer(pattern, text))
    if not places:
        return text
    place = rng.choice(places)
    return replace(text, place, str(rng.choice((1, 2, 3, 5, 8) + LARGE + WRONG)))


def change_type(text, rng):
    """Another type, everywhere where one is: what uses it agrees."""
    types = sorted(set(re.findall(r"tensor<[^<>]*>", text)))
    if not types:
        return text
    old = rng.choice(types)
    *sizes, element = old[7:-1].split("x")
    kind, at = rng.randrange(8), rng.randrange(len(sizes) + 1)
    if kind == 0:
        sizes.insert(at, str(rng.choice((1, 4) + LARGE)))
    elif kind == 1:
        del sizes[at:at + 1]
    elif kind == 2:
        sizes[at:at + 1] = ["?"]
    elif kind == 3:
        sizes = rng.choice(([], ["*"], sizes[:1]))
    elif kind == 4:
        element = rng.choice(ELEMENTS)
    else:
        sizes[at:at + 1] = [str(rng.choice((0, 1, 2, 5, 16) + LARGE + WRONG))]
    new = f"{rng.choice(('tensor',) * 9 + ('memref', 'vector'))}<{'x'.join([*sizes, element])}>"
    return text.replace(old, new)


def change_lines(text, rng):
    lines = text.split("\n")
    at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.randrange(4)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 2:
        lines.insert(at, rng.choice(LINES))
    else:
        lines[at] = re.sub(r"^( *%v\d+)", r"\g<1>0", lines[at])
        lines.insert(at, lines[at])
    return "\n".join(lines)


def change_attribute(text, rng):
    places = list(re.finditer(r"(?<=[{, ])\w+ = (?:array<[^>]*>|#?[\w.]+(?:<[^>]*>)?|\"[^\"]*\"|\[[^\]]*\])", text))
    if not places:
        return text
    place = rng.choice(places)
    name, value = place[0].split(" = ", 1)
    kind = rng.randrange(4)
    if kind == 0:
        return replace(text, place, f"other_{name} = {value}")
    if kind == 1:
        return replace(text, place, f"{place[0]}, {place[0]}")
    if kind == 2:
        return replace(text, place, f"{name} = {rng.choice(WORDS)}")
    return replace(text, place, f"{name} = {re.sub(r'[0-9A-Za-z_]+(?=[>, ])', lambda _: rng.choice(WORDS), value)}")


def change_bytes(text, rng):
    at = rng.randrange(len(text))
    new = rng.choice(('"', "(", "}", "<", "%", "0", "-", "é", "\0", ""))
    return text[:at] + new + text[at + rng.choice((0, 1, 20)):]


def change(text, rng):
    kind = rng.randrange(12)
    if kind < 3:
        return change_type(text, rng)
    if kind < 6:
        return change_number(text, r"(?<=[:,=\[] )-?\d+(?=[,>\]}])", rng)
    if kind < 8:
        return change_attribute(text, rng)
    if kind < 10:
        return change_lines(text, rng)
    if kind == 10:
        names = sorted(set(re.findall(r"sepconv\.[a-z]\w+(?=[(])", text)))
        return text.replace(rng.choice(names), rng.choice(OPERATIONS)) if names else text
    return change_bytes(text, rng)


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


def change_test(rng, _):
    return rng.choice(rng.choice(TESTS).read_text(encoding="utf-8").split("// -----"))


def module(rng):
    generator = rng.choice((generate_right, generate_wild, change_test))
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
    options = ["--emit=header,lib,report", "-o", "out"]
    if rng.random() < 0.125:
        (folder / "module.mlir").write_text(generate_right(rng, 2), encoding="utf-8")
        (folder / "schedules").mkdir()
        for path in SCHEDULES:
            if path.name != "target.mlir":
                shutil.copy(path, folder / "schedules")
        changed = rng.choice(sorted((folder / "schedules").iterdir()))
        text = changed.read_text(encoding="utf-8")
        for _ in range(rng.choice((1, 1, 2, 5))):
            text = change_schedule(text, rng)
        changed.write_text(text, encoding="utf-8")
        return ["sepconv-compile", "module.mlir", "--schedules=schedules", *options]
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


def change_schedule(text, rng):
    """Directives that are changed, left out, doubled or elsewhere, and other numbers and names in expressions."""
    kind = rng.randrange(6)
    if kind < 2:
        return change_number(text, r"(?<![\w.])\d+(?!\w)", rng)
    if kind == 2:
        words = list(re.finditer(r"(?<=[\"\s(])[a-z_.]+(?=[\"\s)])", text))
        return replace(text, rng.choice(words), rng.choice(words)[0])
    if kind == 3:
        operators = list(re.finditer(r" (?:[-+*/%<>]|[<>=]=|&&|\|\|) ", text))
        new = rng.choice(("+", "-", "*", "/", "%", "<", "<=", "==", "&&", "||", "?", "("))
        return replace(text, rng.choice(operators), f" {new} ") if operators else text
    if kind == 4:
        return change_lines(text, rng)
    return change_bytes(text, rng)


if __name__ == "__main__":
    sys.exit(main(__doc__.split("\n", maxsplit=1)[0], generate))
