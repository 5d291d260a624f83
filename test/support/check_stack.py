#!/usr/bin/env python3
"""Run parts of networks, and with --networks those of bench/, with just the stack that their headers say.

usage: check_stack.py --build-dir BUILD [--networks]

The programs are those of c_program.py: pages that cannot be accessed lie below the stack and around each buffer. The
parts are large enough for what a task stores to be far more than the stack. Without qemu-aarch64 and a compiler for it
that target is left out. Ends with a line `N passed, M failed`.
"""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

from c_program import Buffer, run, source
from checking import Failure, attempt, finish, output_of
from network_parts import make_part
from networks import NETWORKS

MOST = 16 * 1024
CROSS, QEMU = "aarch64-linux-gnu-gcc", "qemu-aarch64"
PARTS = [("mobilenet_end", 224), ("mobilenet_v2_end", 160)]


def check(tools, text, target, folder):
    """Compiles a module and runs it once, on zeros."""
    cross = target == "aarch64"
    (folder / "net.mlir").write_text(text, encoding="utf-8")
    output_of(tools / "sepconv-compile", folder / "net.mlir", "-o", folder, "--name=net", "--seed=1",
              f"--target={target}", "--threads=callback", "--emit=lib,header,report-json")
    about = json.loads((folder / "net.json").read_text(encoding="utf-8"))
    if about["stack_bytes"] >= MOST:
        raise Failure(f"needs {about['stack_bytes']} bytes of stack, expected less than {MOST}")
    tensors = [*about["inputs"], *about["outputs"]]
    buffers = [Buffer(t["c_name"], t["bytes"], t in about["outputs"]) for t in tensors]
    zeros = bytes(sum(t["bytes"] for t in about["inputs"]))
    compiler = [CROSS, "-static"] if cross else [os.environ.get("CC", "cc")]
    run(folder, "net", source("net", buffers, behind=", NULL, NULL"), zeros, compiler,
        emulator=[QEMU] if cross else [])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("--networks", action="store_true")
    options = parser.parse_args()
    cases = [(name, make_part(name, size, 1)) for name, size in PARTS]
    if options.networks:
        cases = [(name, network(224)) for name, network in NETWORKS.items()]
    targets = ["x86-64-v2", "x86-64-v3", "host"]
    targets += ["aarch64"] if shutil.which(CROSS) and shutil.which(QEMU) else []
    failed = 0
    for target in targets:
        for name, network in cases:
            _, problem = attempt(check, options.build_dir / "bin", network.text(), target)
            if problem:
                failed += 1
                print(f"FAILED: {name} for {target}: {problem}", flush=True)
    return finish(len(targets) * len(cases) - failed, failed)


if __name__ == "__main__":
    sys.exit(main())
