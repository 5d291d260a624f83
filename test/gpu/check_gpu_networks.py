#!/usr/bin/env python3
"""Compile whole networks for GPUs: run them on the emulated one, and assemble them for each chip.

usage: check_gpu_networks.py --build-dir BUILD [--ptxas PTXAS] [--size N]

On images of N by N pixels (default 64) the results of the emulated GPU agree with --lowering=reference to 1e-5 of the
largest output, without races, accesses out of bounds or uninitialized reads. For images of 224 by 224, CUDA's ptxas, if
it is there, assembles each kernel: none has a stack, so none spills. Ends with a line `N passed, M failed, K skipped`.
"""

import argparse
import math
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import npy  # noqa: E402
from checking import CHIPS, JOBS, Failure, add_ptxas, attempt, finish, run  # noqa: E402
from networks import NETWORKS, SIZE  # noqa: E402

SHARED_BYTES = 48 << 10  # what a block can have without asking the driver for more


def some_numbers(shape, dtype="float32"):
    """An array of numbers from -1 to 1, which repeat, so that they compress well."""
    return npy.from_floats(dtype, shape, [((7 * i) % 255) / 127 - 1 for i in range(math.prod(shape))])


def compile_network(options, folder, name, size, target, *more):
    (folder / "net.mlir").write_text(NETWORKS[name](size).text(), encoding="utf-8")
    run(options.build_dir / "bin/sepconv-compile", folder / "net.mlir", "-o", folder, "--seed=1", f"--target={target}",
        *more)


def emulate(options, name, folder):
    size = options.size
    npy.write(folder / "x.npy", some_numbers([1, size, size, 3]))
    runner = options.build_dir / "bin/sepconv-run"
    compile_network(options, folder, name, size, "host", "--lowering=reference", "--emit=shared")
    run(runner, folder / "libnet.so", folder / "x.npy", "-o", folder / "reference")
    expected, = (folder / "reference").iterdir()
    compile_network(options, folder, name, size, "nvptx-emulated", "--emit=shared")
    run(runner, folder / "libnet.so", folder / "x.npy", f"--compare={expected}")


def assemble(options, name, chip, folder):
    compile_network(options, folder, name, SIZE, f"nvptx-{chip}", "--emit=ptx")
    text = (folder / "net.ptx").read_text(encoding="utf-8")
    report = run(options.ptxas, "-v", f"-arch={chip}", folder / "net.ptx", "-o", folder / "net.cubin")
    kernels = re.findall(r"entry function '(\w+)'.*?(\d+) bytes stack frame, (\d+) bytes spill.*?Used (\d+) registers",
                         report, re.DOTALL)
    if len(kernels) != text.count(".entry"):
        raise Failure(f"expected {text.count('.entry')} kernels, found {len(kernels)} in\n{report}")
    shared = [int(bytes_) for bytes_ in re.findall(r"(\d+) bytes smem", report)]
    if max(shared, default=0) > SHARED_BYTES:
        raise Failure(f"a block has {max(shared)} bytes of shared memory")
    if spilled := [f"{kernel} ({stack} bytes)" for kernel, stack, _, _ in kernels if int(stack)]:
        raise Failure(f"kernels with a stack: {', '.join(spilled)}")
    return f"{len(kernels)} kernels, at most {max(int(kernel[3]) for kernel in kernels)} registers"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    add_ptxas(parser)
    parser.add_argument("--size", type=int, default=64)
    options = parser.parse_args()
    options.build_dir = options.build_dir.resolve()
    tasks = [(f"{name} emulated", emulate, options, name) for name in NETWORKS]
    assembled = [(f"{name} on {chip}", assemble, options, name, chip) for name in NETWORKS for chip in CHIPS]
    tasks += assembled if options.ptxas else []
    failed = 0
    with ThreadPoolExecutor(JOBS) as pool:
        for (what, *_), (note, problem) in zip(tasks, pool.map(lambda task: attempt(*task[1:]), tasks)):
            print(f"FAILED: {what}: {problem}" if problem else f"{what}: {note or 'as the reference'}", flush=True)
            failed += problem is not None
    return finish(len(tasks) - failed, failed, 0 if options.ptxas else len(assembled))


if __name__ == "__main__":
    sys.exit(main())
