"""What the examples' scripts share: printing and running commands, sizes. Standard library only."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def shown(part):
    """A path as a reader in the working directory would type it."""
    text = str(part)
    relative = os.path.relpath(text) if os.path.isabs(text) else text
    return relative if len(relative) < len(text) else text


def run(*command, quiet=False):
    """Print a command and run it; a failing one ends the script with its exit code."""
    command = [shown(part) for part in command]
    if not quiet:
        print(f"$ {shlex.join(command)}", flush=True)
    result = subprocess.run(command)
    if result.returncode:
        sys.exit(f"{command[0]}: exit status {result.returncode}")


def compiler(build):
    """The path of sepconv-compile in a build directory."""
    path = build / "bin/sepconv-compile"
    if not path.is_file():
        sys.exit(f"{shown(path)}: not found; build it first: ./dev build")
    return path


def build_program(sources, product, name, output, *flags):
    """Compile and link C programs against a product, as strictly as a careful user would."""
    cc = os.environ.get("CC", "cc")
    strict = ["-O2", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
    run(
        cc,
        *strict,
        f"-I{shown(product)}",
        *sources,
        product / f"lib{name}.a",
        "-lm",
        *flags,
        "-o",
        output,
    )


def print_size(program):
    """The size of the code and of the stripped file."""
    columns = subprocess.run(
        ["size", program], capture_output=True, text=True, check=True
    ).stdout.split()
    text = int(columns[columns.index("filename") + 1])
    stripped = program.with_suffix(".stripped")
    subprocess.run(["strip", "-o", stripped, program], check=True)
    size = stripped.stat().st_size
    print(f"program              {size} bytes stripped, {text} of them code and weights")
    stripped.unlink()
