"""Compiles a case of function_cases.py, and runs it through a C program, as a user would."""

import json
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

import c_program
import function_cases
from checking import JOBS, Failure, attempt, finish, output_of


class Tools:
    """Where the compilers are, and what runs a program of theirs."""

    def __init__(self, build_dir, target="host", lowering="halide", dynamic_sizes=False):
        self.dynamic_sizes = dynamic_sizes
        self.compiler = Path(build_dir).resolve() / "bin" / "sepconv-compile"
        self.options = [f"--target={target}", f"--lowering={lowering}"]
        aarch64 = target == "aarch64"
        self.cc = "aarch64-linux-gnu-gcc" if aarch64 else os.environ.get("CC", "cc")
        # Kernels of an emulated GPU call its runtime.
        self.libraries = []
        if target == "nvptx-emulated":
            runtime = Path(build_dir).resolve() / "lib" / "libsepconv_emulator.a"
            self.libraries = [runtime, "-lboost_context", "-lstdc++"]
            if "SEPCONV_SANITIZE:BOOL=ON" in self.cache(build_dir):
                self.libraries.append("-fsanitize=address,undefined")
        self.emulator = ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"] if aarch64 else []

    @staticmethod
    def cache(build_dir):
        """What CMake was told."""
        return (Path(build_dir) / "CMakeCache.txt").read_text(encoding="utf-8")

    def run(self, case, folder):
        """The output of a case."""
        return run(case, self, folder)

    def missing(self):
        return [tool for tool in [self.cc, *self.emulator[:1]] if not shutil.which(tool)]


def fix_sizes(description, case):
    """Gives tensors of dynamic sizes the shapes that they have in a case."""
    known = dict(zip(("height", "width"), case.size))
    for tensor in [*description["inputs"], *description["outputs"]]:
        # A number, or an expression in C.
        shape = [eval(str(size).replace("/", "//"), {}, known) for size in tensor["shape"]]
        greatest = tensor["bytes"]
        tensor["shape"] = shape
        tensor["bytes"] = int(np.prod(shape)) * np.dtype(function_cases.NUMPY[case.dtype]).itemsize
        if tensor["bytes"] > greatest:
            raise Failure(f"{tensor['name']} has {tensor['bytes']} bytes, more than the greatest, {greatest}")
    return [known[size["name"]] for size in description.get("sizes", [])]


def run(case, tools, folder):
    """The output of a case."""
    output_of(tools.compiler, *case.command_line(tools.dynamic_sizes), "-o", folder, "--name=net",
             "--emit=lib,header,report-json", *tools.options)
    description = json.loads((folder / "net.json").read_text(encoding="utf-8"))
    sizes = fix_sizes(description, case)
    operands = case.operands()
    shapes = {t["name"]: tuple(t["shape"])
              for t in [*description["inputs"], *description["weights"]["arguments"]]}
    if shapes != case.shapes():
        raise Failure(f"expected operands {case.shapes()}, found {shapes}")
    output, = description["outputs"]
    weights = description["weights"]["arguments"]
    buffers = [c_program.Buffer(t["c_name"], t["bytes"], t is output, t in weights)
               for t in [*description["inputs"], output, *weights]]
    program = c_program.source("net", buffers, before=sizes, emulated=bool(tools.libraries))
    content = c_program.run(folder, "net", program, b"".join(v.tobytes() for v in operands.values()), [tools.cc],
                            tools.libraries, tools.emulator)
    return np.frombuffer(content, function_cases.NUMPY[case.dtype]).reshape(output["shape"])


def check(case, expected, tools):
    """(what is wrong with a case or None, its error); `expected` says what of an output is compared."""
    result, problem = attempt(tools.run, case)
    return (problem, 0) if problem else expected(result)


def check_all(cases, expected, tools):
    """Checks cases, prints what is wrong and the largest errors; the number of failures."""
    failed, errors = 0, {}
    with ThreadPoolExecutor(JOBS) as pool:
        results = pool.map(lambda index: check(cases[index], expected(index), tools), range(len(cases)))
        for case, (problem, error) in zip(cases, results):
            errors[case.dtype] = max(errors.get(case.dtype, 0), error)
            if problem:
                failed += 1
                print(f"FAILED: {' '.join(case.command_line(tools.dynamic_sizes))}\n  {case}\n  {problem}", flush=True)
    print("largest errors: " + ", ".join(f"{dtype} {error:.2g}" for dtype, error in sorted(errors.items())))
    return failed


def add_options(parser):
    """What the programs that check cases have in common."""
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("--target", default="host")
    parser.add_argument("--lowering", default="halide")
    parser.add_argument("--dynamic-sizes", action="store_true",
                        help="compile for heights and widths that only the call says")


def tools_of(parser, options):
    tools = Tools(options.build_dir, options.target, options.lowering, options.dynamic_sizes)
    if missing := tools.missing():
        sys.exit(f"{parser.prog}: needs {' and '.join(missing)}")
    return tools


def report(cases, expected, tools):
    """Checks cases, prints the last line, and returns the exit code."""
    failed = check_all(cases, expected, tools)
    return finish(len(cases) - failed, failed)
