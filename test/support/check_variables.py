#!/usr/bin/env python3
"""Check what products do with variables: initialize, regularize and constrain them.

Regularizers and constraints are compared with the results of Keras (test/Execution/variables); initial
values with the distributions that they should have (by the Kolmogorov-Smirnov test, at 1 in 10,000;
seeds are fixed), and with the values that the compiler computes. Standard library only.
"""

import argparse
import array
import ctypes
import math
import re
import statistics
import sys
from pathlib import Path

import npy
from checking import Failure, attempt, finish, output_of
from run_product import Buffer, Product

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "test/Execution/variables"

# Of each kind of initializer, the shape and what is expected of the values: a distribution with its
# parameters, or orthogonality with the gain.
SIDE = 1 / 0.87962566103423978  # from a variance to the deviation of a truncated distribution
INITIALIZERS = {
    "uniform": ("random_uniform, minval = -1.0, maxval = 3.0", (200, 200), ("uniform", -1, 3)),
    "normal": ("random_normal, mean = 1.0, stddev = 2.0", (200, 200), ("normal", 1, 2)),
    "truncated": ("truncated_normal, stddev = 2.0", (200, 200), ("truncated", 0, 2)),
    "glorot": (
        "variance_scaling, mode = fan_avg, distribution = uniform",
        (3, 3, 16, 48),
        ("uniform", -math.sqrt(3 / (9 * 32)), math.sqrt(3 / (9 * 32))),
    ),
    "he": ("variance_scaling, scale = 2.0", (5, 5, 16, 8), ("truncated", 0, SIDE * 0.1 / 2**0.5)),
    "fan_out": (
        "variance_scaling, mode = fan_out, distribution = untruncated_normal",
        (4000,),
        ("normal", 0, math.sqrt(1 / 4000)),
    ),
    "axes": (
        "variance_scaling, distribution = untruncated_normal, input_axes = [0, 3], "
        "output_axes = [1]",
        (4, 3, 64, 25),
        ("normal", 0, 0.1),
    ),
    "tall": ("orthogonal", (3, 3, 4, 20), ("orthogonal", 1)),
    "wide": ("orthogonal, gain = 3.0", (10, 70), ("orthogonal", 3)),
    "square": ("orthogonal", (40, 40), ("orthogonal", 1)),
}


def compile_model(options, directory, model, *arguments):
    command = [options.build_dir / "bin/sepconv-compile", model, "-o", directory, "--name=net"]
    output_of(*command, "--emit=shared", *arguments)
    return directory / "net.so"


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
        arguments = sum((buffer.arguments() for buffer in [*buffers, *after]), [])
        status = entry(*before, *arguments)
        for name, buffer in self.buffers.items():
            buffer.check(name)
        return status

    def init(self, seed):
        expect(self.call("init", ctypes.c_uint64(seed)) == 0, "init failed")
        return [buffer.content() for buffer in self.buffers.values()]

    def run(self, inputs, batch=1):
        self.product.weights = sum((buffer.arguments() for buffer in self.buffers.values()), [])
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


# Regularizers and constraints


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


def check_loss(options, directory):
    variables, arrays = load_case(options, directory)
    loss = Buffer(4, 4)
    expect(variables.call("regularization_loss", after=[loss]) == 0, "a status that is not OK")
    loss.check("the loss")
    close(array.array("f", loss.content()), arrays["loss"].data, "loss")


def check_activity_loss(options, directory):
    variables, arrays = load_case(options, directory, "--batch=2")
    names = [output["name"] for output in variables.product.description["outputs"]]
    expect(names == ["activity", "activity_regularization_loss"], f"outputs {names}")
    results = variables.run([arrays["input"].data.tobytes()])
    for name, content in zip(("output", "activity_loss"), results):
        close(array.array("f", content), arrays[name].data, name)


def check_orthogonal_loss(options, directory):
    variables, arrays = load_case(options, directory, "--batch=5", case="orthogonal")
    results = variables.run([arrays["input"].data.tobytes()])
    for name, content in zip(("output", "activity_loss"), results, strict=True):
        close(array.array("f", content), arrays[name].data, name)


def check_losses_of_images(options, directory):
    """Of a dynamic batch, each image has a loss of its own; Keras's is their mean."""
    variables, arrays = load_case(options, directory, "--batch=dynamic")
    _, losses = variables.run([arrays["input"].data.tobytes()], batch=2)
    close([statistics.fmean(array.array("f", losses))], arrays["activity_loss"].data, "loss")


def check_constraints(options, directory):
    variables, arrays = load_case(options, directory)
    expect(variables.call("apply_constraints") == 0, "a status that is not OK")
    for name in variables.buffers:
        close(variables.values(name), arrays[f"after/{name}"].data, name)
    changed = [
        name
        for name in variables.buffers
        if arrays[f"after/{name}"] != arrays[f"before/{name}"]
    ]
    expect(len(changed) == 8, f"the case has {len(changed)} variables that are constrained")


def check_statuses(options, directory):
    variables, _ = load_case(options, directory)
    before = [buffer.content() for buffer in variables.buffers.values()]
    good, loss = list(variables.buffers.values()), Buffer(8, 8)

    class Wrong(Buffer):
        def __init__(self, address, size):
            self.address, self.size = address, size

    wrong = {1: Wrong(None, good[1].size), 2: Wrong(good[1].address + 2, good[1].size)}
    wrong[3] = Wrong(good[1].address, good[1].size - 1)
    for status, buffer in wrong.items():
        buffers = [good[0], buffer, *good[2:]]
        seed = ctypes.c_uint64(1)
        found = [
            variables.call("init", seed, buffers=buffers),
            variables.call("apply_constraints", buffers=buffers),
            variables.call("regularization_loss", buffers=buffers, after=[loss]),
        ]
        expect(found == [status] * 3, f"expected three times status {status}, found {found}")
    wrong_losses = {1: Wrong(None, 4), 2: Wrong(loss.address + 1, 4), 3: Wrong(loss.address, 3)}
    for status, buffer in wrong_losses.items():
        found = variables.call("regularization_loss", after=[buffer])
        expect(found == status, f"expected status {status} of the loss, found {found}")
    after = [buffer.content() for buffer in variables.buffers.values()]
    expect(before == after, "a call that failed changed a variable")


# Initializers


def cumulative(kind, first, second):
    """The distribution function, and how far values may be from the mean."""
    if kind == "uniform":
        return lambda x: (x - first) / (second - first), (first, second)
    normal = statistics.NormalDist(first, second)
    if kind == "normal":
        return normal.cdf, (-math.inf, math.inf)
    low, high = first - 2 * second, first + 2 * second
    below, inside = normal.cdf(low), normal.cdf(high) - normal.cdf(low)
    return lambda x: (normal.cdf(x) - below) / inside, (low, high)


def check_distribution(name, values, kind, first, second):
    function, (low, high) = cumulative(kind, first, second)
    slack = 1e-6 * second
    expect(low - slack <= min(values) and max(values) <= high + slack, f"{name}: out of limits")
    count = len(values)
    steps = [(function(x), index) for index, x in enumerate(sorted(values))]
    distance = max(max(abs(f - i / count), abs(f - (i + 1) / count)) for f, i in steps)
    expect(distance < 2.23 / math.sqrt(count), f"{name}: distance {distance:.3g} from {kind}")
    mean, deviation = statistics.fmean(values), statistics.pstdev(values)
    following = sum((a - mean) * (b - mean) for a, b in zip(values, values[1:])) / count
    expect(abs(following) < 4 * deviation**2 / math.sqrt(count), f"{name}: neighbours correlate")


def check_orthogonal(name, values, shape, gain):
    columns = shape[-1]
    rows = len(values) // columns
    vectors = [values[i * columns : (i + 1) * columns] for i in range(rows)]
    if rows >= columns:
        vectors = list(zip(*vectors))
    for i, x in enumerate(vectors):
        for j, y in enumerate(vectors[: i + 1]):
            dot = sum(a * b for a, b in zip(x, y)) / gain**2
            expect(abs(dot - (i == j)) < 2e-6, f"{name}: the product of {i} and {j} is {dot}")


def initializers_model():
    variables = "".join(
        f'  %{name} = sepconv.variable "{name}" {{initializer = #sepconv.initializer<{text}>}} '
        f": tensor<{'x'.join(map(str, shape))}xf32>\n"
        for name, (text, shape, _) in INITIALIZERS.items()
    )
    type = "tensor<1x40xf32>"
    return (
        f"func.func @main(%x: {type}) -> {type} {{\n{variables}"
        f"  %0 = sepconv.dense(%x, %square) : ({type}, tensor<40x40xf32>) -> {type}\n"
        f"  return %0 : {type}\n}}\n"
    )


def check_initializers(options, directory):
    model = directory / "initializers.mlir"
    model.write_text(initializers_model())
    library = compile_model(options, directory, model, "--weights=arguments", "--with=init")
    variables = Variables(library)
    first = variables.init(1)
    expect(variables.init(1) == first, "the same seed makes other bytes")
    for name, (_, shape, (kind, *parameters)) in INITIALIZERS.items():
        check = check_orthogonal if kind == "orthogonal" else check_distribution
        leading = [shape] if kind == "orthogonal" else [kind]
        check(name, variables.values(name), *leading, *parameters)
    values = variables.values("uniform"), variables.values("normal")
    expect(abs(statistics.correlation(*values)) < 4 / 200, "two variables correlate")
    second = variables.init(2)
    expect(all(a != b for a, b in zip(first, second)), "another seed makes the same bytes")


def compiled_values(options, model, seed):
    """The bytes of the constants that the compiler makes of the variables, in their order."""
    tools = options.build_dir / "bin"
    imported = output_of(tools / "sepconv-compile", model, "--weights=arguments", "--emit=import")
    text = output_of(tools / "sepconv-opt", f"--sepconv-initialize-variables=seed={seed}",
                     "--mlir-print-elementsattrs-with-hex-if-larger=0", content=imported).decode()
    result = []
    for value, shape in re.findall(r"arith.constant dense<(.*)> : tensor<([\dx]+)xf32>", text):
        if value.startswith('"0x'):
            result.append(bytes.fromhex(value[3:-1]))
        else:
            count = math.prod(map(int, shape.split("x")))
            result.append(array.array("f", [float(value)] * count).tobytes())
    return result


def check_compile_time(options, directory):
    model = CASES / "variables.json"
    variables, _ = load_case(options, directory)
    for seed in (0, 2**63 + 5):
        compiled = compiled_values(options, model, seed)
        expect(variables.init(seed) == compiled, f"seed {seed}: the compiler makes other bytes")


def check_seed(options, directory):
    """A model compiled with --seed answers as one whose variables NAME_init made."""
    model = CASES / "variables.json"
    variables, arrays = load_case(options, directory / "arguments", "--batch=2")
    variables.init(3)
    inputs = [arrays["input"].data.tobytes()]
    expected = variables.run(inputs)[0]
    seeded = compile_model(options, directory / "seeded", model, "--seed=3", "--batch=2")
    (output,) = Product(seeded, "net").run(inputs)
    close(array.array("f", output), array.array("f", expected), "output")


CHECKS = [
    check_loss,
    check_activity_loss,
    check_orthogonal_loss,
    check_losses_of_images,
    check_constraints,
    check_statuses,
    check_initializers,
    check_compile_time,
    check_seed,
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    options = parser.parse_args()
    failed = 0
    for check in CHECKS:
        _, problem = attempt(check, options)
        if problem:
            print(f"FAILED: {check.__name__}: {problem}")
            failed += 1
    return finish(len(CHECKS) - failed, failed)


if __name__ == "__main__":
    sys.exit(main())
