"""The combinations that check_sweep.py compiles: each pair of values first, then the others at random."""

import itertools
import random
from dataclasses import astuple, dataclass

SIZES = (96, 160, 224, 299, 331, 448, 512)
TARGETS = ("x86-64-v2", "x86-64-v3", "x86-64-v4", "aarch64", "x86-64-multi")
THREADS = ("none", "callback")
TYPES = {"float32": "f32", "float64": "f64", "float16": "f16", "bfloat16": "bf16"}
BATCHES = ("1", "3", "dynamic")
CANDIDATES = 30  # rows that are drawn for each that is taken


@dataclass(frozen=True)
class Combination:
    network: str
    size: int
    target: str
    threads: str
    type: str
    batch: str

    def __str__(self):
        return (f"{self.network} {self.size} --target={self.target} --threads={self.threads} {self.type} "
                f"--batch={self.batch}")


def combinations(networks, seed):
    """All combinations, those of the covering array first; and how many those are."""
    axes = (tuple(networks), SIZES, TARGETS, THREADS, tuple(TYPES), BATCHES)
    rng = random.Random(seed)
    first = covering_array(axes, rng)
    others = list(itertools.product(*axes))
    rng.shuffle(others)
    rows = list(dict.fromkeys([*first, *others]))
    return [Combination(*row) for row in rows], len(first)


def pairs(row):
    return itertools.combinations(enumerate(row), 2)


def covering_array(axes, rng):
    """Rows that hold each pair of values of two axes: of some random rows with a pair that is missing, the one with
    most that are."""
    missing = dict.fromkeys(pair for row in itertools.product(*axes) for pair in pairs(row))
    rows = []
    while missing:
        wanted = dict(next(iter(missing)))
        drawn = [tuple(wanted.get(i, rng.choice(axis)) for i, axis in enumerate(axes)) for _ in range(CANDIDATES)]
        rows.append(max(drawn, key=lambda row: sum(pair in missing for pair in pairs(row))))
        for pair in pairs(rows[-1]):
            missing.pop(pair, None)
    return rows
