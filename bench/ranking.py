"""Measures how well the cost model orders the candidates of each kernel. See README.md."""

import argparse
import json
import math
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "python"))
from sepconv import SepconvError, _candidates, _measure, _tools  # noqa: E402

NAME = "model"


def parse(arguments):
    p = argparse.ArgumentParser(prog="./dev bench ranking", allow_abbrev=False,
                                description=__doc__.split(". ")[0] + ".")
    p.add_argument("model", type=Path, help="a model as sepconv-compile takes it, of static sizes")
    p.add_argument("--candidates", type=int, default=10, metavar="N",
                   help="how many to measure of each kernel, evenly among those that the model orders (default 10)")
    p.add_argument("--seconds", type=float, default=0.1, metavar="S", help="of each run of a product (default 0.1)")
    p.add_argument("--target", default="host", help="default: host")
    p.add_argument("--compile-options", default="", metavar="OPTIONS",
                   help="options for sepconv-compile, as one argument")
    p.add_argument("--build-dir", type=Path, default=Path("build"), metavar="BUILD",
                   help="the build directory, which has bin/sepconv-compile (default build)")
    args = p.parse_args(arguments)
    if args.candidates < 2:
        p.error("--candidates: expected at least 2, an order takes two")
    return args


def evenly(candidates, count):
    """The first, the last, and as many as there may be between them."""
    if len(candidates) <= count:
        return candidates
    return [candidates[round(i * (len(candidates) - 1) / (count - 1))] for i in range(count)]


def agreement(pairs):
    """Kendall's tau-b of (cost, time): 1 where both have one order, -1 where the one is the other's reverse."""
    score = costs = times = 0
    for i, (cost, time) in enumerate(pairs):
        for other_cost, other_time in pairs[:i]:
            by_cost, by_time = cost - other_cost, time - other_time
            score += (by_cost * by_time > 0) - (by_cost * by_time < 0)
            costs, times = costs + (by_cost != 0), times + (by_time != 0)
    return score / math.sqrt(costs * times) if costs and times else math.nan


class Ranking:
    """Products that have one candidate for every kernel, beside the product without choices."""

    def __init__(self, args, folder):
        self.args, self.folder, self.board = args, folder, _measure.Board(1)
        self.baseline = self.product("baseline")
        target = json.loads(_measure.run_tool([str(folder / "baseline" / f"lib{NAME}.so"), "--describe", "--json"]))
        self.compile("kernels", "--emit=kernels")
        listed = _candidates.list_candidates(folder / "kernels" / f"{NAME}.kernels.mlir", target["target"], "none")
        self.kernels = [kernel for kernel in listed if len(kernel.candidates) > 1]
        self.chosen = {kernel.name: evenly(kernel.candidates, args.candidates) for kernel in self.kernels}
        self.pairs = {kernel.name: [(1.0, 1.0)] for kernel in self.kernels}  # of what the compiler takes

    def compile(self, what, *options):
        _tools.run_compiler(str(self.args.model), [
            str(self.args.model), f"--name={NAME}", "-o", str(self.folder / what), f"--target={self.args.target}",
            *self.args.compile_options.split(), *options])

    def product(self, what, *options):
        self.compile(what, "--emit=shared", "--with=profile", *options)
        return (self.folder / what / f"lib{NAME}.so").read_bytes()

    def measure(self, number):
        choices = {name: some[number] for name, some in self.chosen.items() if number < len(some)}
        schedules = self.folder / f"choices{number}"
        _candidates.write_choices(schedules / "choices.mlir", self.kernels, choices)
        product = self.product(f"product{number}", f"--schedules={schedules}")
        shares = self.board.measure(NAME, self.baseline, product, self.args.seconds, 2)
        for name, candidate in choices.items():
            if name in shares:
                self.pairs[name].append((candidate.cost, shares[name]))

    def print(self):
        print(f"{'kernel':32} {'candidates':>10} {'measured':>8} {'tau':>6} {'best':>6}")
        ratios, taus = [], []
        for kernel in self.kernels:
            pairs = self.pairs[kernel.name]
            tau, best = agreement(pairs), min(time for _, time in pairs)
            print(f"{kernel.name:32} {len(kernel.candidates):10} {len(pairs) - 1:8} {tau:6.2f} {best:6.2f}")
            ratios.append(best)
            taus += [] if math.isnan(tau) else [tau]
        if not taus:
            print("no kernel has candidates whose costs differ")
            return
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        print(f"agreement {sum(taus) / len(taus):.2f}; the best ones take {mean:.3f} of the time of what the compiler "
              "takes (geometric mean)")


def main(arguments=None):
    args = parse(arguments)
    os.environ["SEPCONV_HOME"] = str(args.build_dir.resolve())
    try:
        rank(args)
    except SepconvError as error:
        print(f"ranking: {error}", file=sys.stderr)
        return 1
    return 0


def rank(args):
    with tempfile.TemporaryDirectory(prefix="sepconv-ranking-") as folder:
        ranking = Ranking(args, Path(folder))
        for number in range(args.candidates):
            ranking.measure(number)
            print(f"ranking: {number + 1} of {args.candidates}", file=sys.stderr, flush=True)
        ranking.print()


if __name__ == "__main__":
    sys.exit(main())
