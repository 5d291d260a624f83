#!/usr/bin/env python3
"""Check the memory traffic of fused layers of MobileNet and MobileNetV2 on an emulated GPU.

usage: check_gpu_layers.py --build-dir BUILD [--unfused] [--ptxas PTXAS] [--json FILE]

For each distinct pair of a depthwise and a pointwise convolution, on an A100: the memory traffic (each byte once; all
of a layer stays in L2) is at most 1.15 times input, weights and output, and at least 40 % less than that of the two
convolutions one after the other where input and output are equally wide; the 32-byte sectors are at most 1.2 times the
requested bytes; shared memory accesses have no bank conflicts; and the results agree with the reference to 1e-5 of the
largest. Also prints the bound by memory or multipliers, the threads of a multiprocessor, the multiply-adds among the
instructions of the main loop, and the registers, if CUDA's ptxas is there. Prints a table and `N passed, M failed`.
"""

import argparse
import json
import math
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from check_gpu_networks import some_numbers

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import npy  # noqa: E402
from checking import JOBS, Failure, add_ptxas, attempt, finish, run  # noqa: E402
from networks import LAYERS, RELU6, Network  # noqa: E402

# Images are one; where weights are most of what one moves, and so little can be saved, as many as a comparison needs.
BATCHES = {(14, 512, 1, 512, RELU6): 8, (7, 1024, 1, 1024, RELU6): 24}
# Of an A100, as schedules/nvptx-sm_80/target.mlir has them.
BYTES_PER_US, PRODUCTS_PER_US = 1555e3, 108 * 64 * 1410


def count(options, folder, shape, *layers):
    """The sums of all launches, and the last one."""
    batch, size, _, channels = shape
    net = Network(size, channels, batch)
    for add in layers:
        add(net)
    folder.mkdir()
    (folder / "l.mlir").write_text(net.text(), encoding="utf-8")
    npy.write(folder / "x.npy", some_numbers(shape))
    binaries = options.build_dir / "bin"
    for target, more in (("host", ["--lowering=reference"]), ("nvptx-emulated", [])):
        run(binaries / "sepconv-compile", folder / "l.mlir", "-o", folder / target, "--emit=shared", "--seed=1",
            f"--target={target}", *more)
    run(binaries / "sepconv-run", folder / "host/libl.so", folder / "x.npy", "-o", folder / "expected")
    expected, = (folder / "expected").iterdir()
    run(binaries / "sepconv-run", folder / "nvptx-emulated/libl.so", folder / "x.npy", f"--compare={expected}",
        f"--gpu-report={folder}/report.json")
    launches = json.loads((folder / "report.json").read_text(encoding="utf-8"))["launches"]
    sums = dict.fromkeys(("distinct_bytes", "bytes", "sectors", "bank_conflicts"), 0)
    for buffer in (buffer for launch in launches for buffer in launch["buffers"]):
        for access in (buffer["loads"], buffer["stores"]):
            for what in sums.keys() & access.keys() - (set() if buffer["space"] == "global" else {"bytes"}):
                sums[what] += access[what]
    return sums, launches


def describe(options, folder):
    """What the report says of the launch, and with CUDA's assembler the registers of a thread."""
    run(options.build_dir / "bin/sepconv-compile", folder / "l.mlir", "-o", folder, "--seed=1",
        "--target=host+nvptx-sm_80", "--emit=report-json", "--emit=ptx")
    chip, = json.loads((folder / "l.json").read_text(encoding="utf-8"))["cuda"]["chips"]
    launch, = chip["launches"]
    loop = launch["main_loop"]
    row = {"threads_per_sm": launch["blocks_per_sm"] * math.prod(launch["block"]), "main_loop": loop,
           "fma_share": loop["fma"] / sum(loop.values())}
    if options.ptxas:
        said = run(options.ptxas, "-v", "-arch=sm_80", folder / "l.ptx", "-o", folder / "l.cubin")
        row["registers"], = map(int, re.findall(r"Used (\d+) registers", said))
    return row


def measure(options, layer, folder):
    size, channels, stride, filters, activation = layer

    def depthwise(net):
        net.depthwise(3, stride, RELU6)

    def pointwise(net):
        net.conv(filters, activation=activation)

    batch, side = BATCHES.get(layer, 1), -(-size // stride)
    wide, narrow = [batch, size, size, channels], [batch, side, side, channels]
    sums, launches = count(options, folder / "fused", wide, depthwise, pointwise)
    if len(launches) != 1:
        raise Failure(f"expected one launch, found {len(launches)}")
    elements = batch * (size * size * channels + side * side * filters) + 10 * channels + (channels + 1) * filters
    row = {"compulsory_bytes": 4 * elements, **sums,
           "grid": launches[0]["grid"], "block": launches[0]["block"], "shared_bytes": launches[0]["shared_bytes"]}
    equally_wide = stride == 1 and channels == filters
    if equally_wide or options.unfused:
        parts = [count(options, folder / "depthwise", wide, depthwise),
                 count(options, folder / "pointwise", narrow, pointwise)]
        row["unfused_bytes"] = sum(part["distinct_bytes"] for part, _ in parts)
    row |= describe(options, folder / "fused")
    products = batch * side * side * channels * (9 + filters)
    row["bound_us"] = max(row["compulsory_bytes"] / BYTES_PER_US, products / PRODUCTS_PER_US)
    checks = {"more than 1.15 of the bytes": row["distinct_bytes"] > 1.15 * row["compulsory_bytes"],
              "more than 1.2 of the sectors": row["sectors"] * 32 > 1.2 * row["bytes"],
              "shared memory conflicts": row["bank_conflicts"] > 0,
              "not 40 % less than unfused": equally_wide and row["distinct_bytes"] > 0.6 * row["unfused_bytes"]}
    row["problems"] = [what for what, wrong in checks.items() if wrong]
    return row


def show(layer, row):
    size, channels, stride, filters, _ = layer
    name = f"{BATCHES.get(layer, 1)}x{size}x{size}x{channels} / {stride} -> {filters}"
    if "bytes" not in row:
        return f"{name:24} {'; '.join(row['problems'])}"
    saved = f"{1 - row['distinct_bytes'] / row['unfused_bytes']:.0%}" if "unfused_bytes" in row else "-"
    text = (f"{name:24} {row['compulsory_bytes'] / 1e6:7.2f} {row['distinct_bytes'] / row['compulsory_bytes']:6.2f} "
            f"{row['bytes'] / row['compulsory_bytes']:9.2f} {row['sectors'] * 32 / row['bytes']:7.2f} "
            f"{saved:>6} {row['bound_us']:8.1f} {row['shared_bytes']:7} "
            f"{row['threads_per_sm']:7} {row['fma_share']:5.0%} {row.get('registers', '-'):>9}")
    return f"{text}  {'; '.join(row['problems'])}".rstrip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    add_ptxas(parser)
    parser.add_argument("--unfused", action="store_true",
                        help="run the two convolutions one after the other too where nothing is expected of them")
    parser.add_argument("--json", type=Path, help="write the numbers to this file too")
    options = parser.parse_args()
    options.build_dir = options.build_dir.resolve()
    with ThreadPoolExecutor(JOBS) as pool:
        rows = [row or {"problems": [problem]}
                for row, problem in pool.map(lambda layer: attempt(measure, options, layer), LAYERS)]
    print(f"{'layer':24} {'MB':>7} {'moved':>6} {'requested':>9} {'sectors':>7} {'saved':>6} {'bound us':>8} "
          f"{'shared':>7} {'threads':>7} {'fma':>5} registers")
    for layer, row in zip(LAYERS, rows):
        print(show(layer, row))
    if options.json:
        options.json.write_text(json.dumps([{"layer": layer, **row} for layer, row in zip(LAYERS, rows)], indent=2),
                                encoding="utf-8")
    failed = sum(bool(row["problems"]) for row in rows)
    return finish(len(rows) - failed, failed)


if __name__ == "__main__":
    sys.exit(main())
