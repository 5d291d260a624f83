#!/usr/bin/env python3
"""Compiles models by random schedules and looks for crashes and hangs.

usage: fuzz_schedules.py --build-dir DIR [--seconds N] [--seed S] [--keep DIR]

Each folder of schedules is that of a target with one file changed, or has a schedule that is made for a stage: of
directives that follow each other in any order, with numbers that are usual, at the limits or far beyond them, and with
expressions, searches and definitions that are long, deep or large.
"""
import shutil
import sys

from fuzzing import ROOT, main
from mutations import LARGE, WRONG, change_schedule

sys.path.insert(0, str(ROOT / "test/support"))
from random_modules import generate_module  # noqa: E402
from random_ops import ELEMENTS as DTYPES  # noqa: E402

PATTERNS = (["elementwise"], ["conv"], ["depthwise"], ["pointwise"], ["dense"], ["pool"], ["depthwise", "pointwise"])
USUAL = (1, 1, 2, 3, 4, 7, 8, 16, 32)
LIMITS = (63, 64, 65, 255, 256, 1000, 1023, 1024, 1025, 4095, 4096, 4097, 50000, 65535, 65536)
TAILS = ("round_up", "guard_with_if", "predicate", "predicate_loads", "predicate_stores", "shift_inwards",
         "shift_inwards_and_blend")


def number(rng):
    kind = rng.random()
    if kind < 0.88:
        return str(rng.choice(USUAL))
    if kind < 0.97:
        return str(rng.choice(LIMITS))
    if kind < 0.99:
        return str(rng.choice(LARGE))
    if kind < 0.995:
        return str(rng.choice(WRONG))
    return rng.choice(("(" * 5000, "1 + " * 5000 + "1", "max(" * 63 + "1" + ")" * 63, "-" * 5000 + "1",
                       "vector_bytes / 4", "9223372036854775807 + 1", "1 / 0"))


class Stage:
    """Directives of one stage, which knows the loops that there are."""

    def __init__(self, rng, name, update):
        self.rng, self.name, self.update, self.made, self.placed = rng, name, update, 0, set()
        self.loops = ["b", "y", "x", "c"] if name.removesuffix("_sum") != "dense" else ["b", "c"]
        self.loops += rng.sample(["ky", "kx", "kc"], rng.randrange(4)) if update else []

    def new(self):
        self.made += 1
        return f"l{self.made}"

    def tail(self):
        return f" tail {self.rng.choice(TAILS)}" if self.rng.random() < 0.4 else ""

    def directive(self):
        rng, kind = self.rng, self.rng.randrange(10)
        loop = rng.choice(self.loops)
        if kind < 3:
            outer, inner = self.new(), self.new()
            self.loops = [name for name in self.loops if name != loop] + [outer, inner]
            return f'schedule.split "{loop}" into ["{outer}", "{inner}"] by "{number(rng)}"{self.tail()}'
        if kind == 3 and len(self.loops) > 1:
            first, second = rng.sample(self.loops, 2)
            fused = self.new()
            self.loops = [name for name in self.loops if name not in (first, second)] + [fused]
            return f'schedule.fuse ["{first}", "{second}"] into "{fused}"'
        if kind == 4 and len(self.loops) > 1:
            order = rng.sample(self.loops, rng.randrange(2, len(self.loops) + 1))
            return "schedule.reorder [" + ", ".join(f'"{name}"' for name in order) + "]"
        if kind < 8:
            what = rng.choice(("vectorize", "unroll", "unroll", "parallel"))
            factor = f' by "{number(rng)}"{self.tail()}' if rng.random() < 0.5 else ""
            return f'schedule.{what} "{loop}"{factor}'
        if self.update:
            return f'schedule.prefetch "weight" at "{loop}" from "{loop}" by "{number(rng)}"'
        return self.placement() or f'schedule.unroll "{loop}"'

    def placement(self):
        """A directive of the stage, at most one of a kind; of sums only where it is for sums."""
        rng, reader = self.rng, self.name.removesuffix("_sum")
        kinds = {"align_bounds": f' "c" by "{number(rng)}"', "align_storage": f' "c" by "{number(rng)}"',
                 "bound_extent": f' "c" extent "{number(rng)}"',
                 "store_in": rng.choice((" stack", " heap", " register")), "compute_root": ""}
        if reader != self.name:
            kinds |= {"pack": f' "c" by "{number(rng)}"', "compute_at": f' "{reader}" loop "{rng.choice("byxc")}"'}
        kind = rng.choice(sorted(kinds))
        if kind in self.placed or (kind.startswith("compute") and self.placed & {"compute_root", "compute_at"}):
            return None
        self.placed.add(kind)
        return f"schedule.{kind}{kinds[kind]}"

    def text(self):
        count = self.rng.choice((1, 2, 3, 5, 8, 8, 200)) if self.rng.random() < 0.95 else 2000
        lines = [f"    {self.directive()}" for _ in range(count)]
        keyword = "update" if self.update else "stage"
        return "\n".join([f'  schedule.{keyword} "{self.name}" {{', *lines, "  }"])


def search(rng):
    names = [f"p{i}" for i in range(rng.choice((1, 2, 3, 5)))]
    lists = [rng.choice((f"range(1, {number(rng)})", f"divisors({number(rng)})", f"[{number(rng)}, 2]", "range(2, 1)",
                         f"range(1, {rng.choice(LIMITS)})")) for _ in names]
    body = [f'    schedule.let "v{i}" = "{number(rng)} * p0"' for i in range(rng.choice((0, 1, 3, 500)))]
    body.append(f'    schedule.require "p0 * {number(rng)} <= {number(rng)}"')
    quoted = [", ".join(f'"{text}"' for text in texts) for texts in (names, lists)]
    return "\n".join([f"  schedule.search [{quoted[0]}] in [{quoted[1]}] {{", *body, "  }"])


def definitions(rng):
    """Each one uses the next one twice."""
    depth = rng.choice((2, 5, 30, 300))
    lines = [f"schedule.define @d{i}() {{ schedule.use @d{i + 1}() schedule.use @d{i + 1}() }}" for i in range(depth)]
    return "\n".join([*lines, f'schedule.define @d{depth}() {{ schedule.unroll "c" by "{number(rng)}" }}'])


def schedule(rng, pattern):
    stages, sums = [], [role for role in pattern if role != "elementwise"]
    for name, update in [*((role, False) for role in pattern), *((f"{role}_sum", True) for role in sums),
                         *((f"{role}_sum", False) for role in sums)]:
        if rng.random() < 0.6:
            stages.append(Stage(rng, name, update).text())
    rng.shuffle(stages)
    parts = [search(rng)] if rng.random() < 0.3 else []
    roles = ", ".join(f'"{role}"' for role in pattern)
    text = "\n".join([f"schedule.schedule @s for [{roles}] {{", *parts, *stages, "}"])
    if rng.random() < 0.1:
        text = text.replace('schedule.reorder ["', 'schedule.use @d0() schedule.reorder ["', 1)
        return f"{definitions(rng)}\n{text}"
    return text


def generate(rng, folder):
    dtype = rng.choice(sorted(DTYPES))
    (folder / "module.mlir").write_text(generate_module(rng, 2, dtype, dtype)[0], encoding="utf-8")
    (folder / "schedules").mkdir()
    options = ["--schedules=schedules", "--emit=header,lib,report-json", "-o", "out"]
    options += ["--threads=callback"] if rng.random() < 0.3 else []
    if rng.random() < 0.6:
        # One is enough to be wrong; a module with two operations has kernels of a few patterns.
        patterns = PATTERNS if rng.random() < 0.2 else rng.sample(PATTERNS, 2)
        text = "\n".join(schedule(rng, pattern).replace("@s for", f"@s{i} for") for i, pattern in enumerate(patterns))
        (folder / "schedules/made.mlir").write_text(text, encoding="utf-8")
        return ["sepconv-compile", "module.mlir", *options]
    target = rng.choice(("generic", "generic", "nvptx"))
    options += ["--target=nvptx-emulated"] if target == "nvptx" else []
    for path in sorted((ROOT / "schedules" / target).glob("*.mlir")):
        if path.name != "target.mlir":
            shutil.copy(path, folder / "schedules")
    changed = rng.choice(sorted((folder / "schedules").iterdir()))
    text = changed.read_text(encoding="utf-8")
    for _ in range(rng.choice((1, 1, 2, 5))):
        text = change_schedule(text, rng)
    changed.write_text(text, encoding="utf-8")
    return ["sepconv-compile", "module.mlir", *options]


if __name__ == "__main__":
    sys.exit(main(__doc__.split("\n", maxsplit=1)[0], generate))
