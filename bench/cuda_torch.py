#!/usr/bin/env python3
"""Measure with PyTorch and cuDNN, on a GPU, what `./dev bench --cuda` measures, and print both side by side.

usage: cuda_torch.py [--ours bench.json] [--json FILE] [--filter REGEX] [--device cuda|cpu]

Run it in an environment with PyTorch, on the GPU that measured bench.json. It uses channels_last, eagerly and in a CUDA
graph, and inputs, weights and biases of the same shapes; cuDNN chooses its algorithms by trial
(torch.backends.cudnn.benchmark). float32 products are computed without TF32. Times are the 5th percentile of 200
repetitions: of a graph of 20 runs each, as the runner measures, and of single runs in eager mode. The device cpu is for
trying out the program.
"""

import argparse
import json
import re
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

TEST = Path(__file__).resolve().parent.parent / "test"
sys.path[:0] = [str(TEST / "gpu"), str(TEST / "support")]
from gpu_cases import cases  # noqa: E402
from networks import Network, same_padding  # noqa: E402

RUNS, REPETITIONS = 20, 200
ACTIVATIONS = {"relu, max_value = 6.0": F.relu6, "silu": F.silu, "sigmoid": torch.sigmoid, None: lambda value: value}


class TorchNetwork(Network):
    """Functions of PyTorch in place of operations: steps on the values so far, which are numbered."""

    device, dtype = "cuda", torch.float32

    def __init__(self, size, channels=3, batch=1):
        super().__init__(size, channels, batch)
        self.steps, self.value = [], 0
        self.image = self.tensor(batch, channels, size, size)

    def tensor(self, *shape):
        value = torch.full(shape, 0.01, device=self.device, dtype=self.dtype)
        return value.contiguous(memory_format=torch.channels_last) if len(shape) == 4 else value

    def step(self, function, *values, shape):
        self.steps.append((function, values))
        self.value, self.shape = len(self.steps), shape

    def window(self, op, filters, channels, kernel, stride, activation):
        batch, height, width, inputs = self.shape
        groups = inputs if op == "depthwise_conv2d" else 1
        weight, bias = self.tensor(channels, inputs // groups, kernel, kernel), self.tensor(channels)
        pads = same_padding((width, height), kernel, stride)  # the last dimension comes first
        even = len(set(pads)) == 1

        def run(value):
            value = value if even else F.pad(value, pads)
            return ACTIVATIONS[activation](F.conv2d(value, weight, bias, stride, pads[0] if even else 0, 1, groups))
        self.step(run, self.value, shape=[batch, -(-height // stride), -(-width // stride), channels])

    def pool(self):
        self.step(lambda value: value.mean((2, 3), keepdim=True), self.value,
                  shape=[self.shape[0], 1, 1, self.shape[3]])

    def combine(self, operation, other, other_shape):
        self.step({"addf": torch.add, "mulf": torch.mul}[operation], self.value, other, shape=self.shape)

    def __call__(self):
        values = [self.image]
        for function, arguments in self.steps:
            values.append(function(*(values[n] for n in arguments)))
        return values[-1]


def percentile(once, device):
    """Microseconds of a call, the 5th percentile."""
    times = []
    for repetition in range(-10, REPETITIONS):
        if device == "cuda":
            start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            start.record()
            once()
            end.record()
            end.synchronize()
            elapsed = start.elapsed_time(end) * 1e3
        else:
            begin = time.perf_counter()
            once()
            elapsed = (time.perf_counter() - begin) * 1e6
        if repetition >= 0:
            times.append(elapsed)
    return sorted(times)[REPETITIONS // 20]


def measure(net, device):
    row = {"eager_us": percentile(net, device)}
    if device == "cuda":
        graph, stream = torch.cuda.CUDAGraph(), torch.cuda.Stream()
        with torch.cuda.stream(stream):
            net()
        stream.synchronize()
        with torch.cuda.graph(graph, stream=stream):
            for _ in range(RUNS):
                net()
        row["graph_us"] = percentile(graph.replay, device) / RUNS
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", type=Path, help="the file written by the runner")
    parser.add_argument("--json", type=Path, help="write the results here")
    parser.add_argument("--filter", default="", metavar="REGEX", help="only the cases whose name matches")
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    options = parser.parse_args()
    if options.device == "cuda" and not torch.cuda.is_available():
        sys.exit("error: PyTorch finds no GPU")
    ours = {}
    if options.ours:
        ours = {row["name"]: row for row in json.loads(options.ours.read_text(encoding="utf-8"))["models"]}
    torch.backends.cudnn.benchmark = True
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    TorchNetwork.device = options.device
    rows = []
    print(f"{'':44} {'eager':>10} {'graph':>10} {'sepconv':>10}   times as fast")
    for name, make, dtype in cases(TorchNetwork):
        if not re.search(options.filter, name):
            continue
        TorchNetwork.dtype = getattr(torch, dtype)
        with torch.inference_mode():
            row = {"name": name} | measure(make(), options.device)
        best = min(value for key, value in row.items() if key.endswith("_us"))
        mine = ours.get(name, {}).get("us")
        figures = [row["eager_us"], row.get("graph_us"), mine]
        print(f"{name:44} " + " ".join(f"{figure:10.2f}" if figure else f"{'-':>10}" for figure in figures)
              + (f"   {best / mine:.2f}" if mine else ""), flush=True)
        rows.append(row | ({"sepconv_us": mine} if mine else {}))
    if options.json:
        device = torch.cuda.get_device_name() if options.device == "cuda" else "cpu"
        options.json.write_text(json.dumps({"device": device, "torch": torch.__version__, "models": rows}, indent=1)
                                + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
