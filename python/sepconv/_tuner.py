"""The search of a tuner: successive halving over the candidates of all kernels at once."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from . import __version__
from ._boards import Boards, Measurement
from ._candidates import Candidate, Kernel, list_candidates, write_choices
from ._errors import CompileError, SepconvError
from ._measure import Product, run_tool
from ._tools import run_compiler

NAME = "tuned"
GAIN = 0.98  # of its time, below which a kernel's other schedule is worth a line
CONFIRMATIONS = 6  # of all choices together, at most
WRONG = 9.0  # what counts as the share of a candidate that gives no result, or a wrong one


class Options(Protocol):
    """The command line's."""

    model: Path
    o: Path
    budget: float
    seconds: float
    threads: int
    target: str
    compile_options: str
    q: bool


class Tuner:
    """Measures one candidate of every kernel in each product, beside the product without choices."""

    def __init__(self, args: Options, folder: Path) -> None:
        self.args, self.folder = args, folder
        self.deadline = time.monotonic() + args.budget
        self.threads = "callback" if args.threads > 1 else "none"
        self.state_file = args.o / "tune.json"
        self.kernels: list[Kernel] = []
        self.shares: dict[str, dict[str, list[float]]] = {}  # by kernel and candidate
        self.baseline: Product = b""

    # Products.

    def _compile(self, what: str, emit: str, *options: str) -> Path:
        words = [str(self.args.model), f"--name={NAME}", f"--target={self.args.target}", f"--emit={emit}", "-o",
                 str(self.folder / what), *self.args.compile_options.split(), *options]
        run_compiler(str(self.args.model), words)
        return self.folder / what

    def _product(self, what: str, choices: Mapping[str, Candidate]) -> Product:
        schedules = []
        if choices:
            write_choices(self.folder / "choices" / what / "choices.mlir", self.kernels, choices)
            schedules = [f"--schedules={self.folder / 'choices' / what}"]
        cache = f"--cache={self.folder / 'cache'}"
        path = self._compile(what, "shared", "--with=profile", f"--threads={self.threads}", cache, *schedules)
        return (path / f"lib{NAME}.so").read_bytes()

    def prepare(self) -> None:
        self.baseline = self._product("baseline", {})
        # 'host' is this machine's.
        path = self.folder / "baseline" / f"lib{NAME}.so"
        target = json.loads(run_tool([str(path), "--describe", "--json"]))["target"]
        module = self._compile("model", "kernels") / f"{NAME}.kernels.mlir"
        self.kernels = [kernel for kernel in list_candidates(module, target, self.threads) if kernel.candidates]
        self._load()

    # What was measured, which outlives a tuner that is interrupted.

    def _key(self) -> str:
        digest = hashlib.sha256(self.args.model.read_bytes())
        digest.update(repr([__version__, self.args.target, self.args.threads, self.args.compile_options]).encode())
        digest.update(repr([(kernel.name, list(map(str, kernel.candidates))) for kernel in self.kernels]).encode())
        return digest.hexdigest()

    def _load(self) -> None:
        self.key = self._key()
        if self.state_file.exists():
            state = json.loads(self.state_file.read_text(encoding="utf-8"))
            if state["key"] == self.key:
                self.shares = state["shares"]

    def _save(self) -> None:
        self.args.o.mkdir(parents=True, exist_ok=True)
        temporary = self.state_file.with_suffix(".new")
        temporary.write_text(json.dumps({"key": self.key, "shares": self.shares}), encoding="utf-8")
        temporary.replace(self.state_file)

    # Rounds.

    def _measured(self, kernel: Kernel, candidate: Candidate) -> list[float]:
        return self.shares.setdefault(kernel.name, {}).setdefault(str(candidate), [])

    def _share(self, kernel: Kernel, candidate: Candidate) -> float:
        values = sorted(self._measured(kernel, candidate))
        return values[len(values) // 2] if values else 1.0

    def _next(self, times: int, keep: int, pending: Sequence[Mapping[str, Candidate]]) -> dict[str, Candidate]:
        """For each kernel the first of its best candidates that was measured less often than `times`."""
        chosen = {}
        for kernel in self.kernels:
            best = sorted(kernel.candidates, key=partial(self._share, kernel))[:keep] \
                if times > 1 else kernel.candidates[:keep]
            for candidate in best:
                if any(choices.get(kernel.name) == candidate for choices in pending):
                    continue
                promises = times == 1 or self._share(kernel, candidate) < 1
                if len(self._measured(kernel, candidate)) < times and promises:
                    chosen[kernel.name] = candidate
                    break
        return chosen

    def _try(self, choices: dict[str, Candidate], what: str) -> Product | None:
        """The product of choices; those that the compiler refuses count as slow and are left out."""
        while choices:
            try:
                return self._product(what, choices)
            except CompileError as error:
                bad = next((name for name, candidate in choices.items()
                            if f"@{candidate.schedule}" in str(error) or name in str(error)), next(iter(choices)))
                kernel = next(kernel for kernel in self.kernels if kernel.name == bad)
                self._measured(kernel, choices.pop(bad)).extend([WRONG] * 9)
        return None

    def _round(self, boards: Boards, times: int, keep: int) -> bool:
        """A product for each board; false if there is nothing to measure."""
        jobs: list[dict[str, Candidate]] = []
        products: list[Product] = []
        while len(jobs) < boards.size:
            choices = self._next(times, keep, jobs)
            product = self._try(choices, f"round{len(jobs)}")
            if not product:
                break
            jobs.append(choices)
            products.append(product)
        arguments = [self._measurement(product) for product in products]
        for number, result in boards.map(arguments):
            self._record(jobs[number], result)
        self._save()
        return bool(jobs)

    def _measurement(self, product: Product, seconds: float = 0.0, rounds: int = 2) -> Measurement:
        return NAME, self.baseline, product, max(seconds, self.args.seconds), rounds

    def _record(self, choices: Mapping[str, Candidate], result: dict[str, float] | SepconvError) -> None:
        """Of a product that gives wrong numbers each choice counts as slow; those that are not to blame come again."""
        for kernel in self.kernels:
            if candidate := choices.get(kernel.name):
                share = WRONG if isinstance(result, SepconvError) else result.get(kernel.name, 1.0)
                self._measured(kernel, candidate).append(share)

    def search(self, boards: Boards) -> None:
        """Successive halving: many candidates once, the better ones again and again."""
        number, keep, times = 0, max(len(kernel.candidates) for kernel in self.kernels), 1
        last = self.deadline - 0.25 * self.args.budget  # the rest is for the best ones
        while not number or time.monotonic() < self.deadline:
            if times == 1 and time.monotonic() > last:
                times, keep = 2, 8
            if not self._round(boards, times, keep):
                times, keep = times + 1, max(2, keep // 2 if times > 1 else 8)
                if times > 6:
                    break
                continue
            number += 1
            self._show(number, times)

    def best(self) -> dict[str, Candidate]:
        """Candidates that were faster more than once."""
        found = {}
        for kernel in self.kernels:
            again = [candidate for candidate in kernel.candidates if len(self._measured(kernel, candidate)) > 1]
            if again:
                candidate = min(again, key=partial(self._share, kernel))
                if self._share(kernel, candidate) < GAIN:
                    found[kernel.name] = candidate
        return found

    def _confirm(self, boards: Boards) -> tuple[dict[str, Candidate], float]:
        """The best choices together, and the share that a run takes with them. What is best of many was lucky too: a
        choice that does not stand when all are measured again is dropped."""
        choices = self.best()
        for _ in range(CONFIRMATIONS):
            product = self._try(choices, "best")
            if not product:
                break
            _, result = next(iter(boards.map([self._measurement(product, 0.3, 5)])))
            if isinstance(result, SepconvError):
                break
            stands = {name: candidate for name, candidate in choices.items() if result.get(name, 1.0) < GAIN}
            if len(stands) == len(choices):
                return (choices, result[""]) if result[""] < 1 else ({}, 1.0)
            choices = stands
        return {}, 1.0

    def finish(self, boards: Boards) -> int:
        """Writes the choices, if the model as a whole is faster with them."""
        choices, share = self._confirm(boards)
        notes = {kernel.name: f"{self._share(kernel, choices[kernel.name]):.2f} of its time"
                 for kernel in self.kernels if kernel.name in choices}
        header = (f"What sepconv-tune has measured for {self.args.model.name}, target {self.args.target}, threads "
                  f"{self.args.threads}" + (f":\na run takes {share:.3f} of its time." if choices else
                                            ": no choice was faster."))
        write_choices(self.args.o / "tuned.mlir", self.kernels, choices, header, notes)
        self._say(f"wrote {self.args.o / 'tuned.mlir'}: {len(choices)} choices" +
                  (f", a run takes {share:.3f} of its time; compile with --schedules={self.args.o}" if choices else
                   ", since none was faster"), end=True)
        return 0

    # Progress.

    def _show(self, number: int, times: int) -> None:
        found = self.best()
        left = max(0.0, self.deadline - time.monotonic())
        self._say(f"round {number}, {left:.0f} s left: {len(found)} of {len(self.kernels)} kernels are faster" +
                  (", measured again" if times > 1 else ""))

    def _say(self, text: str, end: bool = False) -> None:
        if self.args.q and not end:
            return
        if sys.stderr.isatty():
            print(f"\r\x1b[K{text}", end="\n" if end else "", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)
