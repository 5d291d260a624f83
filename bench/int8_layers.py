"""Measures layers of bytes beside those of float32, and the peak of the instruction for bytes. See README.md."""

import argparse
import random
import re
import subprocess
import sys
from pathlib import Path

import machine

sys.path.insert(0, str(Path(__file__).parent.parent / "test" / "support"))
import random_integers  # noqa: E402

# Of MobileNet, MobileNetV2 and EfficientNetB0: kind, height, width, channels in and out, window, stride.
LAYERS = [("separable", 112, 112, 32, 64, 3, 1), ("separable", 56, 56, 128, 128, 3, 1),
          ("separable", 28, 28, 256, 256, 3, 1), ("separable", 14, 14, 512, 512, 3, 1),
          ("separable", 7, 7, 1024, 1024, 3, 1), ("separable", 28, 28, 240, 80, 5, 1),
          ("depthwise", 56, 56, 128, 128, 3, 1), ("depthwise", 14, 14, 512, 512, 3, 1),
          ("pointwise", 56, 56, 24, 144, 1, 1), ("pointwise", 56, 56, 128, 128, 1, 1),
          ("pointwise", 14, 14, 512, 512, 1, 1), ("pointwise", 7, 7, 320, 1280, 1, 1),
          ("conv", 224, 224, 3, 32, 3, 2), ("conv", 28, 28, 128, 128, 3, 1), ("dense", 1, 1, 1280, 1000, 1, 1)]
UNITS = {"s": 1e3, "ms": 1, "us": 1e-3}


def name_of(layer):
    kind, height, width, depth, channels, kernel, stride = layer
    return f"{kind} {height}x{width}x{depth}->{channels} {kernel}x{kernel}" + (f"/{stride}" if stride > 1 else "")


def padding(size, kernel, stride):
    """TensorFlow's SAME: (before, after)."""
    both = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return both // 2, both - both // 2


class Writer(random_integers.Module):
    """One layer, of bytes with its requantization or of float32 with a relu, and its products."""

    def __init__(self, layer, dtype, by_float):
        super().__init__(random.Random(1))
        self.by_float = by_float
        kind, height, width, depth, channels, kernel, stride = layer
        self.dtype, self.products = dtype, 0
        if kind == "dense":
            shape = [1, depth]
            self.add("dense", self.input(shape, True), shape, [depth, channels], [1, channels], [])
            return
        x, shape = self.input([1, height, width, depth], True), [1, height, width, depth]
        if kind in ("separable", "depthwise"):
            x, shape = self.window("depthwise_conv2d", x, shape, [kernel, kernel, depth, 1], depth, stride)
        if kind != "depthwise":
            self.window("conv2d", x, shape, [1, 1, depth, channels] if kind in ("separable", "pointwise")
                        else [kernel, kernel, depth, channels], channels, 1 if kind == "separable" else stride)
        if kind == "depthwise":
            self.output(x, shape)

    def window(self, operation, x, shape, weights, channels, stride):
        (top, bottom), (left, right) = (padding(size, k, stride) for size, k in zip(shape[1:3], weights, strict=False))
        result = [1, -(-shape[1] // stride), -(-shape[2] // stride), channels]
        attributes = [f"strides = array<i64: {stride}, {stride}>",
                      f"padding = array<i64: {top}, {bottom}, {left}, {right}>"]
        return self.add(operation, x, shape, weights, result, attributes, operation == "conv2d")

    def add(self, operation, x, shape, weights, result, attributes, last=True):
        self.products += result[1] * result[2] * weights[0] * weights[1] * weights[2] * (
            result[3] if operation == "conv2d" else 1) if len(result) == 4 else weights[0] * weights[1]
        if self.dtype == "int8":
            sums = self.layer(operation, x, shape, True, weights, attributes, result)
            y = self.requantize(sums, result, True, by_float=self.by_float)
        else:
            y = self.float_layer(operation, x, shape, weights, attributes, result)
        if last:
            self.output(y, result)
        return y, result

    def float_layer(self, operation, x, shape, weights, attributes, result):
        name, f, b = self.name(), self.constant("f32", weights), self.constant("f32", result[-1:])
        attributes = ["activation = #sepconv.activation<relu>", *attributes]
        types = f"(tensor<{'x'.join(map(str, shape))}xf32>, {f[1]}, {b[1]})"
        self.lines.append(f"%{name} = sepconv.{operation}(%{x}, %{f[0]}, %{b[0]}) {{{', '.join(attributes)}}} : {types}"
                          f" -> tensor<{'x'.join(map(str, result))}xf32>")
        return name

    def text(self):
        text = super().text()
        if self.dtype == "int8":
            return text
        return re.sub(r"(func.func @main.*\n.*)", lambda m: m[0].replace("xi8>", "xf32>").replace(
            ', sepconv.dtype = "uint8"', ""), text).replace("xi8>\n}", "xf32>\n}")


def compile_layer(args, layer, dtype, folder):
    writer = Writer(layer, dtype, args.requantization == "float")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "layer.mlir").write_text(writer.text(), encoding="utf-8")
    subprocess.run([args.build_dir / "bin/sepconv-compile", folder / "layer.mlir", "--name=layer", "--emit=shared",
                    "-q", "-o", folder, *args.compile_options.split()], check=True)
    return folder / "liblayer.so", writer.products


def measure(args, product):
    """Milliseconds of a call: the 5th percentile."""
    run = machine.pinned([args.build_dir / "bin/sepconv-run", product, "--benchmark", f"--seconds={args.seconds}"],
                         machine.cpus(1), stdout=subprocess.PIPE, text=True)
    time, unit = re.match(r"5th percentile ([\d.]+) (\w+)", run.communicate()[0]).groups()
    return float(time) * UNITS[unit]


def main(arguments):
    p = argparse.ArgumentParser(prog="./dev bench int8", allow_abbrev=False, description=__doc__.split(". ")[0] + ".")
    p.add_argument("--cases", default="", metavar="REGEX", help="only the layers whose name matches")
    p.add_argument("--seconds", type=float, default=0.3, metavar="S",
                   help="time per layer, type and round (default 0.3)")
    p.add_argument("--rounds", type=int, default=3, metavar="N", help="how often all of them alternate (default 3)")
    p.add_argument("--requantization", choices=("float", "integer"), default="float",
                   help="by a float and rounding to even (default), or by an integer and a rounding shift")
    p.add_argument("--compile-options", default="", metavar="OPTIONS", help="options for sepconv-compile")
    p.add_argument("--build-dir", type=Path, default=Path("build"), metavar="BUILD",
                   help="the build directory, which has bin/sepconv-compile (default build)")
    args = p.parse_args(arguments)
    build = args.build_dir / "bench"
    ceilings = machine.Ceilings(build)
    print(f"{'layer':38} {'int8, ms':>9} {'float32':>9} {'ratio':>6} {'G products/s':>13} {'peak':>6}")
    for layer in (layer for layer in LAYERS if re.search(args.cases, name_of(layer))):
        products = {dtype: compile_layer(args, layer, dtype, build / "int8" / dtype) for dtype in ("int8", "float32")}
        times, peaks = {dtype: [] for dtype in products}, []
        for _ in range(args.rounds):
            for dtype, (product, _) in products.items():
                times[dtype].append(measure(args, product))
            peaks.append(ceilings.dot() or 0)
        int8, float32, rate = min(times["int8"]), min(times["float32"]), products["int8"][1] / min(times["int8"]) / 1e6
        share = f"{rate * 1e9 / max(peaks):6.0%}" if max(peaks) else f"{'-':>6}"
        print(f"{name_of(layer):38} {int8:9.4f} {float32:9.4f} {float32 / int8:6.2f} {rate:13.1f} {share}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
