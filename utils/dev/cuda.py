"""Tests and benchmarks on a GPU: compiled and linked here, run here or on another machine."""

import os

from . import common
from .common import BUILD, MISSING, DevError, ROOT, run, say, tool

NO_GPU = 3  # the runner's exit code


def pack(folder, what):
    """The folder with the program that tests or benchmarks."""
    output = BUILD / "cuda" / what
    say(f"compiling the GPU programs into {os.path.relpath(output, ROOT)}")
    options = ["--bench"] if what == "bench" else []
    run([tool("python"), ROOT / "test/gpu/pack_cuda.py", "--build-dir", folder, "-o", output, *options],
        check="the GPU programs could not be compiled")
    return output


def command(output, folder="."):
    """The program of `output` where its folder lies in `folder`."""
    program = [os.path.join(folder, output.name, name) for name in ("runner", "data")]
    return program + ([f"--bench={output.name}.json"] if output.name == "bench" else [])


def carry(output):
    """What to do on a machine without a GPU."""
    archive = os.path.relpath(output.parent / f"{output.name}.tar.xz", ROOT)
    return DevError(f"this machine has no GPU with a CUDA driver. Copy {archive} to one that has, and run there\n"
                    f"  tar xf {output.name}.tar.xz && {' '.join(command(output))}", MISSING)


def test(folder):
    """The exit code and the output of the tests."""
    output = pack(folder, "test")
    code, text = common.capture(command(output, output.parent))
    if code == NO_GPU:
        raise carry(output)
    return code, text


def bench(folder):
    output = pack(folder, "bench")
    code = run(command(output, output.parent), cwd=output.parent)
    if code == NO_GPU:
        raise carry(output)
    say(f"results: {os.path.relpath(output.parent / 'bench.json', ROOT)}")
    return code
