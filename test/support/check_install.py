#!/usr/bin/env python3
"""Installs sepconv, moves it elsewhere, and builds examples/cmake and wrong projects with it.

usage: check_install.py --build-dir BUILD

Ends with a line `N passed, M failed`; the exit code is 1 if anything failed.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "cmake"

# What a project may get wrong, and what the message must say.
WRONG_CALLS = {
    "an unknown argument": ("digits MODEL SIZE 4", "unknown argument 'SIZE;4'"),
    "a missing value": ("digits MODEL BATCH", "BATCH without a value"),
    "a bad name": ("7digits MODEL", "the name must be a C identifier"),
}

TOOLCHAIN = """
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L /usr/aarch64-linux-gnu)
"""


def run(*command, expect=0):
    """What a command prints; SystemExit if its exit code is another one than zero or not zero."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if bool(done.returncode) != bool(expect):
        raise SystemExit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}")
    return done.stdout


def install(build, scratch):
    """A tree that is not where it was installed."""
    first, moved = scratch / "first", scratch / "moved"
    run("cmake", "--install", build, "--prefix", first)
    shutil.move(first, moved)
    return moved


def c_compiler(build):
    """The one that sepconv was built with: a machine may have no other."""
    cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    return re.search(r"^CMAKE_C_COMPILER:\w+=(.+)$", cache, re.MULTILINE).group(1)


def configure(source, folder, prefix, *options, expect=0):
    return run("cmake", "-G", "Ninja", "-S", source, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}",
               "-DCMAKE_BUILD_TYPE=Release", *options, expect=expect)


def check_example(prefix, scratch):
    folder = scratch / "example"
    configure(EXAMPLE, folder, prefix)
    run("cmake", "--build", folder)
    run("ctest", "--test-dir", folder, "--output-on-failure")
    again = run("cmake", "--build", folder)
    if "Compiling the neural network" in again:
        raise SystemExit("the second build compiles the network again")


def check_cross(prefix, scratch):
    """A toolchain file for another machine gives that machine's code, which runs under an emulator."""
    folder, toolchain = scratch / "cross", scratch / "aarch64.cmake"
    toolchain.write_text(TOOLCHAIN, encoding="utf-8")
    configure(EXAMPLE, folder, prefix, f"-DCMAKE_TOOLCHAIN_FILE={toolchain}")
    run("cmake", "--build", folder)
    run("ctest", "--test-dir", folder, "--output-on-failure")


def check_wrong_call(prefix, scratch, call, message):
    project = Path(tempfile.mkdtemp(dir=scratch))
    call = call.replace("MODEL", str(EXAMPLE.parent / "digits" / "digits.keras"))
    (project / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.20)\nproject(wrong C)\nfind_package(sepconv REQUIRED)\n"
        f"sepconv_add_library({call})\n", encoding="utf-8")
    output = configure(project, project / "build", prefix, expect=1)
    if message not in " ".join(output.split()):
        raise SystemExit(f"expected '{message}' in\n{output}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    build = parser.parse_args().build_dir.resolve()
    results = {}

    def check(name, function, *args):
        try:
            results[name] = function(*args)
        except SystemExit as problem:
            print(f"FAILED: {name}: {problem}", flush=True)
            results[name] = problem

    os.environ["CC"] = c_compiler(build)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        check("install", install, build, scratch)
        prefix = results["install"]
        if isinstance(prefix, Path):
            check("example", check_example, prefix, scratch)
            if shutil.which("aarch64-linux-gnu-gcc") and shutil.which("qemu-aarch64"):
                check("example for aarch64", check_cross, prefix, scratch)
            for name, (call, message) in WRONG_CALLS.items():
                check(name, check_wrong_call, prefix, scratch, call, message)
    failed = sum(isinstance(result, SystemExit) for result in results.values())
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
