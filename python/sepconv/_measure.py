"""Measures products beside each other: the time of each kernel as a share of what it takes in the first one."""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ._errors import SepconvError
from ._tools import environment, executable

Product = bytes  # a shared library
TOLERANCE = 1e-4  # schedules add up in another order


def run_tool(arguments: Sequence[str]) -> str:
    done = subprocess.run(["sepconv-run", *arguments], executable=executable("sepconv-run"), env=environment(),
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise SepconvError(done.stderr.strip() or f"sepconv-run ended by signal {-done.returncode}")
    return done.stdout


def kernel_times(report: Mapping[str, Any]) -> dict[str, float]:
    """Seconds of a run that each kernel takes, all its calls together; '' is the whole run."""
    times: dict[str, float] = {"": report["seconds"]}
    for call in report["calls"]:
        times[call["kernel"]] = times.get(call["kernel"], 0.0) + call["seconds"]
    return times


class Board:
    """A machine that measures, one measurement at a time. As a Ray actor it can be another one."""

    def __init__(self, threads: int) -> None:
        self._threads = [f"--threads={threads}"] if threads > 1 else []

    def measure(self, name: str, baseline: Product, other: Product, seconds: float, rounds: int) -> dict[str, float]:
        """How much of its time in the baseline each kernel takes; '' is the whole run. The inputs are sepconv-run's
        own, the same random numbers every time.

        SepconvError if a product cannot run, or if the outputs differ by more than other orders of additions make.
        """
        with tempfile.TemporaryDirectory(prefix="sepconv-tune-") as scratch:
            folder = Path(scratch)
            products = []
            for kind, content in (("baseline", baseline), ("other", other)):
                (folder / kind).mkdir()
                products.append(folder / kind / f"lib{name}.so")
                products[-1].write_bytes(content)
            self._compare(products, folder)
            return self._alternate(products, seconds, rounds)

    def _compare(self, products: Sequence[Path], folder: Path) -> None:
        once = ["--benchmark", "--seconds=0.001", *self._threads]
        run_tool([str(products[0]), *once, "-o", str(folder / "expected"), "-q"])
        expected = [f"--compare={path.stem}={path}" for path in sorted((folder / "expected").glob("*.npy"))]
        run_tool([str(products[1]), *once, *expected, f"--tolerance={TOLERANCE}"])

    def _alternate(self, products: Sequence[Path], seconds: float, rounds: int) -> dict[str, float]:
        shares: dict[str, list[float]] = {}
        for number in range(rounds):
            # In turns, each first as often as the other.
            order = products if number % 2 == 0 else products[::-1]
            options = ["--benchmark", f"--seconds={seconds}", "--per-kernel", "--json", *self._threads]
            times = {product: kernel_times(json.loads(run_tool([str(product), *options]))) for product in order}
            before, after = times[products[0]], times[products[1]]
            for kernel, time in after.items():
                if before.get(kernel):
                    shares.setdefault(kernel, []).append(time / before[kernel])
        return {kernel: statistics.median(values) for kernel, values in shares.items()}
