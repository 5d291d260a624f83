"""Measures each kernel of a model beside what the machine could do at best. See README.md."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import machine

RESIDENT = 0.5  # of a cache, what stays in it between calls


class Roofs:
    """The most that a CPU does: multiply-adds, and bytes from each level of the memory."""

    def __init__(self, ceilings):
        flops, times = ceilings.fma(0.3, machine.cpus(1))[0]
        self.flops = flops / sorted(times)[len(times) // 20]
        self.memory = ceilings.memory()

    def level(self, size):
        """Where so many bytes are that are used again and again."""
        levels = [name for name, memory in self.memory.items()
                  if name == "memory" or size <= RESIDENT * self.capacity(memory)]
        return levels[0]

    @staticmethod
    def capacity(memory):
        return 2 * memory["bytes"]  # the triad fills half of a cache

    def seconds(self, size, level):
        return size / (self.memory[level]["gbs"] * 1e9)

    def of(self, call, weights):
        """The least time of a call, and what bounds it. Its tensors are where they fit, all weights likewise."""
        moved = {"weights": 0, "tensors": 0}
        for use in call["buffers"]:
            if use["space"] != "scratch":
                moved["weights" if use["space"] == "weights" else "tensors"] += use["bytes"]
        where = {"weights": self.level(weights), "tensors": self.level(moved["tensors"])}
        bounds = {"multiply-adds": 2 * call["multiply_adds"] / self.flops}
        for what, size in moved.items():
            bounds[where[what]] = bounds.get(where[what], 0) + self.seconds(size, where[what])
        bound = max(bounds, key=bounds.get)
        return bounds[bound], bound

    def as_json(self):
        return {"gflops": round(self.flops / 1e9, 1),
                "gbs": {name: memory["gbs"] for name, memory in self.memory.items()}}


def compile_model(args, folder):
    command = [args.build_dir / "bin/sepconv-compile", args.model, "--name=model", "--with=profile", "--emit=shared",
               "-q", "-o", folder, *args.compile_options.split()]
    subprocess.run(command, check=True)
    return folder / "libmodel.so"


def profile(args, product):
    command = [args.build_dir / "bin/sepconv-run", product, "--benchmark", f"--seconds={args.seconds}", "--per-kernel",
               "--json", *([f"--page={args.page}"] if args.page else [])]
    run = machine.pinned(command, machine.cpus(1), stdout=subprocess.PIPE, text=True)
    text = run.communicate()[0]
    if run.returncode:
        raise machine.MachineError(f"'{' '.join(map(str, command))}' failed")
    return json.loads(text)


def add_roofs(path, roofs):
    """Puts the machine's limits into the data of a page."""
    mark = 'id="report">{'
    page = path.read_text(encoding="utf-8")
    path.write_text(page.replace(mark, f'{mark}"ceilings":{json.dumps(roofs.as_json())},', 1), encoding="utf-8")


def show(report, roofs):
    print(f"{'us':>8} {'share':>6} {'GFLOP/s':>8} {'roof':>6} {'bound by':14} {'kernel':28} layers")
    least = 0
    for call in report["calls"]:
        if not call["seconds"]: # of a variant for another processor
            continue
        best, bound = roofs.of(call, report["weights"]["bytes"])
        least += best
        print(f"{1e6 * call['seconds']:8.1f} {call['seconds'] / report['seconds']:6.1%} "
              f"{2e-9 * call['multiply_adds'] / call['seconds']:8.1f} {best / call['seconds']:6.0%} {bound:14} "
              f"{call['kernel']:28} {', '.join(call['layers'])}")
    print(f"{1e6 * report['seconds']:8.1f} 100.0%  a run; the roofs of all kernels add up to {1e6 * least:.1f} us, "
          f"{least / report['seconds']:.0%} of it")


def main(arguments):
    description = __doc__.split(". ")[0] + "."
    p = argparse.ArgumentParser(prog="./dev bench kernels", allow_abbrev=False, description=description)
    p.add_argument("model", type=Path, metavar="MODEL", help="a model that sepconv-compile takes")
    p.add_argument("--seconds", type=float, default=2, metavar="S", help="how long to measure (default 2)")
    p.add_argument("--page", type=Path, metavar="FILE", help="also write the report, with times and roofs, as HTML")
    p.add_argument("--compile-options", default="", metavar="OPTIONS", help="options for sepconv-compile")
    p.add_argument("--build-dir", type=Path, default=Path("build"), metavar="BUILD",
                   help="the build directory, which has bin/sepconv-compile (default build)")
    args = p.parse_args(arguments)
    folder = args.build_dir / "bench" / "kernels"
    folder.mkdir(parents=True, exist_ok=True)
    report = profile(args, compile_model(args, folder))
    roofs = Roofs(machine.Ceilings(args.build_dir / "bench"))
    show(report, roofs)
    if args.page:
        add_roofs(args.page, roofs)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except machine.MachineError as error:
        sys.exit(f"bench: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
