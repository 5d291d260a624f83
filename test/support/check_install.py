#!/usr/bin/env python3
"""Installs sepconv, moves it elsewhere, and builds examples/cmake and wrong projects with it.

usage: check_install.py --build-dir BUILD

Ends with a line `N passed, M failed`; the exit code is 1 if anything failed.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from checking import Failure, finish, run

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


def configure(source, folder, prefix, *options):
    run("cmake", "-G", "Ninja", "-S", source, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}",
        "-DCMAKE_BUILD_TYPE=Release", *options)


def check_example(prefix, scratch):
    folder = scratch / "example"
    configure(EXAMPLE, folder, prefix)
    run("cmake", "--build", folder)
    run("ctest", "--test-dir", folder, "--output-on-failure")
    again = run("cmake", "--build", folder)
    if "Compiling the neural network" in again:
        raise Failure("the second build compiles the network again")


def check_headers(prefix, compiler):
    """What programs include and link is there: adapters for thread pools, the emulator."""
    headers = prefix / "include/sepconv"
    for name in ("openmp_adapter.h", "pthreadpool_adapter.h", "Runtime/Emulator.h"):
        if not (headers / name).is_file():
            raise Failure(f"{name} is not installed")
    run(compiler, "-std=c99", "-Wall", "-Werror", "-fsyntax-only", "-x", "c", headers / "Runtime/Emulator.h")
    if not list(prefix.glob("lib*/**/libsepconv_emulator.a")):
        raise Failure("libsepconv_emulator.a is not installed")


def check_pkg_config(prefix):
    """Build systems that are not CMake find the compiler, wherever the tree is."""
    package, = prefix.glob("lib*/**/sepconv.pc")
    os.environ["PKG_CONFIG_PATH"] = str(package.parent)
    compiler = run("pkg-config", "--variable=compiler", "sepconv").strip()
    if "sepconv-compile" not in run(compiler, "--help"):
        raise Failure(f"expected the path of sepconv-compile, found '{compiler}'")
    if "include" not in run("pkg-config", "--cflags", "sepconv"):
        raise Failure("expected the folder of the adapters in --cflags")


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
    try:
        configure(project, project / "build", prefix)
    except Failure as refused:
        if message not in " ".join(str(refused).split()):
            raise Failure(f"expected '{message}' in\n{refused}") from None
    else:
        raise Failure(f"expected '{message}', but the project was configured")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    build = parser.parse_args().build_dir.resolve()
    results = {}

    def check(name, function, *args):
        try:
            results[name] = function(*args)
        except Failure as problem:
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
            check("headers", check_headers, prefix, os.environ["CC"])
            check("pkg-config", check_pkg_config, prefix)
            if shutil.which("aarch64-linux-gnu-gcc") and shutil.which("qemu-aarch64"):
                check("example for aarch64", check_cross, prefix, scratch)
            for name, (call, message) in WRONG_CALLS.items():
                check(name, check_wrong_call, prefix, scratch, call, message)
    failed = sum(isinstance(result, Failure) for result in results.values())
    return finish(len(results) - failed, failed)


if __name__ == "__main__":
    sys.exit(main())
