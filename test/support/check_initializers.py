#!/usr/bin/env python3
"""Check the initial values that products give variables.

They are compared with the distributions that they should have (by the Kolmogorov-Smirnov test, at 1 in 10,000; seeds
are fixed), and with the values that the compiler computes. Standard library only.
"""

import array
import math
import re
import statistics
import sys

from checking import output_of
from product import Product
from variables import CASES, Variables, check_all, close, compile_model, expect, load_case

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


if __name__ == "__main__":
    sys.exit(check_all(__doc__.splitlines()[0], [check_initializers, check_compile_time, check_seed]))
