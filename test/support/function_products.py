"""Compiles a case of function_cases.py, and runs it through a C program, as a user would."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

import function_cases

GUARD = 64
PROGRAM = """#include "net.h"
#include <stdio.h>
#include <string.h>

enum {{ GUARD = {guard} }};
{buffers}
static _Alignas(NET_WORKSPACE_ALIGNMENT) unsigned char workspace[NET_WORKSPACE_BYTES + GUARD];

static int isWhole(const unsigned char *end) {{
  for (int i = 0; i < GUARD; ++i)
    if (end[i] != 0xA5)
      return 0;
  return 1;
}}

int main(void) {{
  memset(workspace, 0xA5, sizeof workspace);
{prepare}
  net_status status = net_run({sizes}{arguments}, workspace, NET_WORKSPACE_BYTES);
  if (status != NET_OK) {{
    fprintf(stderr, "%s\\n", net_status_message(status));
    return 1;
  }}
  if ({checks}!isWhole(workspace + NET_WORKSPACE_BYTES)) {{
    fprintf(stderr, "wrote outside of a buffer\\n");
    return 1;
  }}
{findings}  return fwrite(output, 1, {output_bytes}, stdout) != {output_bytes};
}}
"""


FINDINGS = """  extern size_t sepconv_emulator_findings(void); /* which it has printed */
  if (sepconv_emulator_findings())
    return 3;
"""


class Failure(Exception):
    pass


class Tools:
    """Where the compilers are, and what runs a program of theirs."""

    def __init__(self, build_dir, target="host", lowering="halide", open_sizes=False):
        self.open_sizes = open_sizes
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

    def missing(self):
        return [tool for tool in [self.cc, *self.emulator[:1]] if not shutil.which(tool)]


def execute(command, content=None):
    done = subprocess.run([str(part) for part in command], input=content, capture_output=True, check=False,
                          timeout=300)
    if done.returncode:
        raise Failure(f"exit code {done.returncode}: {' '.join(map(str, command))}\n{done.stderr.decode()}")
    return done.stdout


def fix_sizes(description, case):
    """Gives tensors of open sizes the shapes that they have in a case."""
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


def make_program(description, sizes, emulated):
    operands = [*description["inputs"], *description["weights"]["arguments"]]
    output, = description["outputs"]
    tensors = [*operands, output]
    buffers = [f"static _Alignas(16) unsigned char {t['c_name']}[{t['bytes']} + GUARD];" for t in tensors]
    prepare = [f"  memset({t['c_name']}, 0xA5, sizeof {t['c_name']});" for t in tensors]
    prepare += [f"  if (fread({t['c_name']}, 1, {t['bytes']}, stdin) != {t['bytes']})\n    return 2;"
                for t in operands]
    order = [*description["inputs"], output, *description["weights"]["arguments"]]
    return PROGRAM.format(
        guard=GUARD, sizes="".join(f"{size}, " for size in sizes), buffers="\n".join(buffers),
        prepare="\n".join(prepare), findings=FINDINGS if emulated else "", output_bytes=output["bytes"],
        arguments=", ".join(f"(void *){t['c_name']}, {t['bytes']}" for t in order),
        checks="".join(f"!isWhole({t['c_name']} + {t['bytes']}) || " for t in tensors))


def run(case, tools, folder):
    """The output of a case."""
    execute([tools.compiler, *case.command_line(tools.open_sizes), "-o", folder, "--name=net",
             "--emit=lib,header,report", *tools.options])
    description = json.loads((folder / "net.json").read_text(encoding="utf-8"))
    sizes = fix_sizes(description, case)
    (folder / "run.c").write_text(make_program(description, sizes, bool(tools.libraries)), encoding="utf-8")
    execute([tools.cc, "-std=c11", "-Wall", "-Werror", "-O0", folder / "run.c", folder / "libnet.a", *tools.libraries,
             "-lm", "-o", folder / "run"])
    operands = case.operands()
    shapes = {t["name"]: tuple(t["shape"])
              for t in [*description["inputs"], *description["weights"]["arguments"]]}
    if shapes != case.shapes():
        raise Failure(f"expected operands {case.shapes()}, found {shapes}")
    content = execute([*tools.emulator, folder / "run"], b"".join(v.tobytes() for v in operands.values()))
    shape = description["outputs"][0]["shape"]
    return np.frombuffer(content, function_cases.NUMPY[case.dtype]).reshape(shape)


def check(case, expected, tools):
    """(what is wrong with a case or None, its error); `expected` says what of an output is compared."""
    with tempfile.TemporaryDirectory(prefix="sepconv-") as folder:
        try:
            return expected(run(case, tools, Path(folder)))
        except (Failure, subprocess.TimeoutExpired, OSError, ValueError, KeyError) as problem:
            return str(problem), 0


def check_all(cases, expected, tools):
    """Checks cases, prints what is wrong and the largest errors; the number of failures."""
    failed, errors = 0, {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda index: check(cases[index], expected(index), tools), range(len(cases)))
        for case, (problem, error) in zip(cases, results):
            errors[case.dtype] = max(errors.get(case.dtype, 0), error)
            if problem:
                failed += 1
                print(f"FAILED: {' '.join(case.command_line(tools.open_sizes))}\n  {case}\n  {problem}", flush=True)
    print("largest errors: " + ", ".join(f"{dtype} {error:.2g}" for dtype, error in sorted(errors.items())))
    return failed


def add_options(parser):
    """What the programs that check cases have in common."""
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("--target", default="host")
    parser.add_argument("--lowering", default="halide")
    parser.add_argument("--open-sizes", action="store_true",
                        help="compile for heights and widths that only the call says")


def tools_of(parser, options):
    tools = Tools(options.build_dir, options.target, options.lowering, options.open_sizes)
    if missing := tools.missing():
        sys.exit(f"{parser.prog}: needs {' and '.join(missing)}")
    return tools


def report(cases, expected, tools):
    """Checks cases, prints the last line, and returns the exit code."""
    failed = check_all(cases, expected, tools)
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0
