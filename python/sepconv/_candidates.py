"""What a tuner can choose from, and how it tells the compiler what it has chosen."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ._errors import SepconvError
from ._tools import environment, executable


@dataclass(frozen=True)
class Candidate:
    """A schedule for a kernel, and values of the parameters of one of its searches; others follow by the model."""

    schedule: str
    values: tuple[tuple[str, int], ...]
    cost: float  # by the model, relative to the candidate that it prefers

    def __str__(self) -> str:
        return self.schedule + "".join(f" {name}={value}" for name, value in self.values)


@dataclass
class Kernel:
    """A kernel with its candidates, those first that the model prefers; what it gets without choice is none of them."""

    name: str
    facts: Mapping[str, int]
    candidates: list[Candidate] = field(default_factory=list)

    def condition(self) -> str:
        """An expression that holds for this kernel, and for those of the same sizes."""
        return " && ".join(f"{name} == {value}" for name, value in sorted(self.facts.items()) if self._tells(name))

    def _tells(self, name: str) -> bool:
        """Whether a fact does not follow from others."""
        stage, _, fact = name.rpartition(".")
        if self.facts[name] == 0 or fact.startswith(("stride_b", "stride_c", "dilation_b", "dilation_c")):
            return fact not in ("r0", "r1", "r2", "r3") and not fact.startswith(("stride_", "dilation_"))
        # The least of a size is the size itself where it is static; a sum has the sizes of its stage.
        return not fact.startswith(("least_", "factor_")) and (
            not stage.endswith("_sum") or self.facts.get(f"{stage.removesuffix('_sum')}.{fact}") != self.facts[name])


def _relative_cost(line: Mapping[str, Any], taken: Mapping[str, Any]) -> float:
    """By the first search whose costs differ."""
    for cost, least in zip(line["costs"], taken["costs"], strict=False):
        if cost != least:
            return float(cost / least) if least > 0 else 1.0 + cost
    return 1.0


def read_candidates(lines: Iterable[str]) -> list[Kernel]:
    """What `sepconv-opt --sepconv-list-candidates` prints."""
    kernels: list[Kernel] = []
    first: dict[str, Any] = {}  # the line of what the schedule takes by itself
    for line in map(json.loads, lines):
        if "facts" in line:
            kernels.append(Kernel(line["kernel"], line["facts"]))
            first, shipped = {}, True
            continue
        if "searched" not in line:
            first, isolated = line, not shipped
            shipped = False
            if isolated:  # a schedule that the kernel would get next
                kernels[-1].candidates.append(Candidate(line["schedule"], (), 1.0))
            continue
        values = tuple((name, line["parameters"][name]) for name in line["searched"])
        kernels[-1].candidates.append(Candidate(line["schedule"], values, _relative_cost(line, first)))
    for kernel in kernels:
        kernel.candidates.sort(key=lambda candidate: candidate.cost)
    return kernels


def list_candidates(module: Path, target: str, threads: str) -> list[Kernel]:
    """Of a module at the stage 'kernels'. SepconvError if the tool fails."""
    command = ["sepconv-opt", str(module), f"--sepconv-list-candidates=target={target} threads={threads}",
               "-o", "/dev/null"]
    done = subprocess.run(command, executable=executable("sepconv-opt"), env=environment(), capture_output=True,
                          text=True, check=False)
    if done.returncode:
        raise SepconvError(f"cannot list what there is to choose from:\n{done.stderr.strip()}")
    return read_candidates(done.stdout.splitlines())


Choices = Mapping[str, Candidate]  # by the name of the kernel


def _lines(kernels: Sequence[Kernel], choices: Choices, notes: Mapping[str, str]) -> Iterator[str]:
    for kernel in kernels:
        if candidate := choices.get(kernel.name):
            values = ", ".join(f"{name} = {value}" for name, value in candidate.values)
            yield f"\n// {kernel.name}" + (f": {notes[kernel.name]}" if kernel.name in notes else "")
            yield f'schedule.choose @{candidate.schedule} when "{kernel.condition()}" with {{{values}}}'


def write_choices(path: Path, kernels: Sequence[Kernel], choices: Choices, header: str = "",
                  notes: Mapping[str, str] | None = None) -> None:
    """A file for a folder of `--schedules`."""
    lines = [*(f"// {line}" for line in header.splitlines()), *_lines(kernels, choices, notes or {})]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text("\n".join(lines).lstrip("\n") + "\n", encoding="utf-8")
    temporary.replace(path)
