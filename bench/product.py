"""Compiles a case with sepconv-compile, as a user would, into a shared library that worker.py loads."""

import shutil
import subprocess
import time
from pathlib import Path

import cases


class ProductError(Exception):
    """The compiler is not there or refused a case; the message is for the user."""


class Compiler:
    def __init__(self, build, options):
        self.tool = Path(build) / "bin" / "sepconv-compile"
        self.options = options
        self.folder = Path(build).absolute() / "bench" / "products"

    def check(self):
        if not self.tool.exists():
            raise ProductError(
                f"{self.tool} does not exist: run './dev build' first, or measure peers alone with --only"
            )

    def compile(self, case, model, threads):
        """Always anew: the compiler and its schedules are what is being measured."""
        name = cases.identifier(case.case)
        folder = self.folder / f"{name}.{'serial' if threads == 1 else 'threads'}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        command = [
            str(self.tool),
            str(model),
            "-o",
            str(folder),
            f"--name={name}",
            "--emit=shared",
            f"--threads={'none' if threads == 1 else 'callback'}",
            *self.options,
        ]
        if case.kind == "network":
            command.append(f"--batch={case.batch}")
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True)
        seconds = time.perf_counter() - start
        library = folder / f"lib{name}.so"
        if done.returncode or not library.exists():
            message = done.stderr.strip() or f"exit code {done.returncode}, and no {library.name}"
            raise ProductError(f"'{' '.join(command)}': {message}")
        return {
            "library": str(library),
            "name": name,
            "compile_s": round(seconds, 2),
            "library_bytes": library.stat().st_size,
        }
