"""Random calls of the five functions, as command lines and as tensors.

A case is a random combination of the values of FACTORS. This file needs NumPy only; TensorFlow's answers are in
tensorflow_answers.py, which needs TensorFlow.
"""

import itertools
import random
from collections import Counter
from typing import NamedTuple

import numpy as np

NN = "tf.nn.separable_conv2d"
BACKEND = "tf.keras.backend.separable_conv2d"
DEPTHWISE = "tf.keras.backend.depthwise_conv2d"
KERAS = "tf.keras.layers.SeparableConv2D"
LAYERS = "tf.layers.separable_conv2d"

FACTORS = {
    "function": [NN, BACKEND, DEPTHWISE, KERAS, LAYERS],
    "dtype": ["f32", "f64", "f16", "bf16"],
    "strides": [(1, 1), (2, 2), (3, 3), (1, 2), (3, 1)],
    "padding": ["SAME", "VALID"],
    "format": ["NHWC", "NCHW"],
    "dilations": [(1, 1), (2, 2), (1, 3), (3, 2)],
    "multiplier": [1, 2, 3, 8],
    "kernel": [(1, 1), (3, 3), (5, 5), (1, 7), (4, 3)],
    # Whole vectors of 4, 8 and 16 elements and tails of each; the smallest ones are below the kernels.
    "size": [(1, 1), (3, 4), (7, 9), (12, 5)],
    "batch": [0, 1, 2],
    "channels": [1, 3, 8, 17],
    "filters": [1, 5, 16, 19],
    "activation": ["None", "relu", "tanh", "softmax", "selu", "gelu", "swish"],
    "use_bias": [True, False],
    # Numbers that are none and infinite ones, in the input.
    "special": [False, False, True],
}
TOLERANCES = {"f32": 1e-5, "f64": 1e-12, "f16": 1e-2, "bf16": 1e-2}
NUMPY = {"f32": np.float32, "f64": np.float64, "f16": np.float16, "bf16": np.uint16}


class Case(NamedTuple):
    function: str
    dtype: str
    strides: tuple
    padding: str
    format: str
    dilations: tuple
    multiplier: int
    kernel: tuple
    size: tuple
    batch: int
    channels: int
    filters: int
    activation: str
    use_bias: bool
    special: bool
    seed: int

    @property
    def is_layer(self):
        return self.function in (KERAS, LAYERS)

    def shapes(self):
        """The sizes of the operands, in the order of the compiled function."""
        names = {
            NN: ["input", "depthwise_filter", "pointwise_filter"],
            BACKEND: ["x", "depthwise_kernel", "pointwise_kernel"],
            DEPTHWISE: ["x", "depthwise_kernel"],
        }.get(self.function, ["inputs", "depthwise_kernel", "pointwise_kernel"])
        image = (self.batch, *self.size, self.channels)
        if self.format == "NCHW":
            image = (self.batch, self.channels, *self.size)
        product = self.channels * self.multiplier
        shapes = [image, (*self.kernel, self.channels, self.multiplier), (1, 1, product, self.filters)]
        result = dict(zip(names, shapes))
        if self.is_layer and self.use_bias:
            result["bias"] = (self.filters,)
        return result

    def dynamic_sizes(self):
        """What the height and the width of a product for dynamic sizes can be, the case's own among it."""
        rng = np.random.RandomState((self.seed + 1) % (1 << 32))
        ranges = {}
        for name, size, k, d, s in zip(("height", "width"), self.size, self.kernel, self.dilations, self.strides):
            reach = (k - 1) * d if self.padding == "VALID" else 0
            factor = rng.choice([n for n in range(1, size + 1) if size % n == 0])
            least = size - factor * rng.randint((size - max(factor, 1, reach + 1 - s)) // factor + 1)
            greatest = size + factor * rng.randint(24)
            greatest += factor * -(-max(0, reach + 1 - greatest) // factor)  # there is a window
            ranges[name] = f"{least}..{greatest}/{factor}"
        return ranges

    def command_line(self, dynamic_sizes=False):
        """The options of sepconv-compile."""
        def text(numbers):
            return ",".join(map(str, numbers))

        shapes = {name: "x".join(map(str, shape)) for name, shape in self.shapes().items()}
        image = next(iter(shapes))
        if dynamic_sizes:
            sizes = ["?", "?", self.channels] if self.format == "NHWC" else [self.channels, "?", "?"]
            shapes[image] = "x".join(map(str, [self.batch, *sizes]))
        shapes[image] += f"x{self.dtype}"
        if self.is_layer:
            shapes = {image: shapes[image]}
        options = [f"--function={self.function}"]
        if dynamic_sizes:
            options += [f"--{name}={values}" for name, values in self.dynamic_sizes().items()]
        options += [f"--arg={name}={shape}" for name, shape in shapes.items()]
        if self.function == NN:
            spatial = f"1,{text(self.strides)},1" if self.format == "NHWC" else f"1,1,{text(self.strides)}"
            return [*options, f"--strides={spatial}", f"--padding={self.padding}", f"--data_format={self.format}",
                    f"--dilations={text(self.dilations)}"]
        last = "channels_last" if self.format == "NHWC" else "channels_first"
        options += [f"--strides={text(self.strides)}", f"--padding={self.padding.lower()}",
                    f"--data_format={last}", f"--dilation_rate={text(self.dilations)}"]
        if self.is_layer:
            options += [f"--filters={self.filters}", f"--kernel_size={text(self.kernel)}",
                        f"--depth_multiplier={self.multiplier}", f"--activation={self.activation}",
                        f"--use_bias={self.use_bias}"]
        return options

    def operands(self):
        """The operands' values, the same for the same case; bfloat16 as its bits."""
        # The stream of RandomState is fixed for good.
        rng = np.random.RandomState(self.seed)
        result = {}
        for name, shape in self.shapes().items():
            values = rng.standard_normal(shape)
            if name.startswith("depthwise"):
                values /= np.sqrt(np.prod(self.kernel))
            elif name.startswith("pointwise"):
                # Sums of half the inputs' deviation: more, and an exponential shows how they were rounded.
                values /= 2 * np.sqrt(self.channels * self.multiplier)
            elif name != "bias" and self.special and values.size:
                places = rng.randint(values.size, size=3)
                values.flat[places] = [np.nan, np.inf, -np.inf]
            result[name] = encode(values, self.dtype)
        return result


def encode(values, dtype):
    if dtype != "bf16":
        return values.astype(NUMPY[dtype])
    bits = values.astype(np.float32).view(np.uint32)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    return np.where(np.isnan(values), 0x7FC0, rounded).astype(np.uint16)


def decode(values, dtype):
    """As float64, or float32 where that holds every value."""
    if dtype == "bf16":
        return (values.astype(np.uint32) << 16).view(np.float32)
    return values if dtype == "f64" else values.astype(np.float32)


def fits(case):
    """Whether the output's size is not negative, as TensorFlow counts it."""
    if case.padding == "SAME":
        return True
    return all(n - (k - 1) * d - 1 + s >= 0 for n, k, d, s in
               zip(case.size, case.kernel, case.dilations, case.strides))


def generate(rng, **fixed):
    """A case at random; what a function does not have is as if it were not there."""
    while True:
        values = {name: rng.choice(choices) for name, choices in FACTORS.items()} | fixed
        case = Case(**values, seed=rng.randrange(1 << 32))
        if not case.is_layer:
            case = case._replace(activation="None", use_bias=False)
        if fits(case):
            return case


def pairs(case):
    values = [(name, getattr(case, name)) for name in FACTORS]
    return set(itertools.combinations(values, 2))


def cover_pairs(rng, times, tries=40):
    """Cases in which every two values of two factors that can occur together do so, `times` times."""
    counts, cases, misses = {}, [], 0
    for _ in range(20000):  # what can occur together
        for pair in pairs(generate(rng)):
            counts.setdefault(pair, 0)
    while misses < tries and any(count < times for count in counts.values()):
        wanted = {pair for pair, count in counts.items() if count < times}
        missing = rng.choice(sorted(wanted, key=str))
        best = max((generate(rng) for _ in range(tries)), key=lambda case: len(pairs(case) & wanted))
        aimed = try_pair(rng, missing)
        best = max(best, aimed, key=lambda case: len(pairs(case) & wanted)) if aimed else best
        if not pairs(best) & wanted:
            misses += 1
            continue
        cases.append(best)
        for pair in pairs(best):
            counts[pair] = counts.get(pair, 0) + 1
    return cases


def fewest(cases, times):
    """Which of the cases to take for each pair of values to occur `times` times, or as often as in all of them."""
    pairs_of = [pairs(case) for case in cases]
    missing = {pair: min(times, count) for pair, count in Counter(itertools.chain(*pairs_of)).items()}
    left, chosen = set(range(len(cases))), []
    while missing:
        best = max(sorted(left), key=lambda index: len(missing.keys() & pairs_of[index]))
        left.remove(best)
        chosen.append(best)
        for pair in missing.keys() & pairs_of[best]:
            missing[pair] -= 1
            if not missing[pair]:
                del missing[pair]
    return sorted(chosen)


def try_pair(rng, pair):
    """A case with both values, if it is not hard to find."""
    for _ in range(40):
        case = generate(rng, **dict(pair))
        if pair in pairs(case):
            return case
    return None


def compare(got, expected, dtype):
    """What is wrong with an output, or None; and its largest error over its largest magnitude."""
    got, expected = decode(got, dtype).astype(np.float64), decode(expected, dtype).astype(np.float64)
    if got.shape != expected.shape:
        return f"expected shape {list(expected.shape)}, found {list(got.shape)}", 0
    finite = np.isfinite(expected)
    odd = ~finite
    if not np.array_equal(got[odd], expected[odd], equal_nan=True) or not np.isfinite(got[finite]).all():
        return "numbers that are none, or infinite ones, are not where TensorFlow has them", 0
    if not finite.any():
        return None, 0
    largest = np.abs(expected[finite]).max()
    error = np.abs(got[finite] - expected[finite]).max() / (largest or 1)
    if error > TOLERANCES[dtype]:
        return f"largest error {error:.3g} of the largest output, allowed {TOLERANCES[dtype]:g}", error
    return None, error


def sample(shape):
    """Where an output of this shape is looked at in a golden file: everywhere, if it is small."""
    size = int(np.prod(shape))
    return np.sort(np.random.RandomState(size % (1 << 32)).permutation(size)[:200])


def random_cases(seed, count):
    rng = random.Random(seed)
    return [generate(rng) for _ in range(count)]
