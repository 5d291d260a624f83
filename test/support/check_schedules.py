#!/usr/bin/env python3
"""Compare what schedules do to each kernel of many models with the record, schedules.txt.

usage: check_schedules.py --build-dir BUILD [--all] [--refresh]
       check_schedules.py --build-dir BUILD --show ROW [--target TARGET]
       check_schedules.py --build-dir BUILD --against BUILD [MODEL...]

A row of the record is a model of this repository, or twenty random ones; it has a digest of the model and, for each
target, one of what sepconv-print-schedules prints, without and with threads: names of schedules and directives with
their numbers. So it does not depend on how a schedule computes them. Without --all only some of the rows are compared.

Where a change is intended, --show prints what a row's digests are made of, --against compares it with another build
(of any models, a .keras, .json or .mlir file each), and --refresh writes the record. Ends with a line
`N passed, M failed`.
"""

import argparse
import difflib
import hashlib
import os
import random
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import networks
from checking import finish, output_of
from random_modules import generate_module

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).resolve().with_name("schedules.txt")
TARGETS = ("x86-64-v2", "x86-64-v3", "x86-64-v4", "aarch64", "x86-64-multi",
           "nvptx-sm_80", "nvptx-sm_90a", "nvptx-sm_100a")
SAMPLE = re.compile(r"mobilenet-96|digits")  # rows that are compared without --all
SPLIT = "\n// -----\n"
RANDOM_ROWS, MODELS_PER_ROW = 10, 20
HEADER = "# What check_schedules.py compares; its --refresh writes this file.\n"


def digest(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()[:8]


def random_models(row):
    """Small models of each type of elements."""
    rng = random.Random(f"schedules {row}")
    types = ("float32", "float32", "float16", "bfloat16", "float64")
    modules = []
    for _ in range(MODELS_PER_ROW):
        dtype = rng.choice(types)
        modules.append(generate_module(rng, rng.choice((1, 2, 4, 8)), dtype, dtype)[0])
    return SPLIT.join(modules)


def rows():
    """The name of each row, and a file or a function that makes its modules."""
    named = {path.stem: path for path in [*sorted((ROOT / "examples").glob("*/*.keras")),
                                          *sorted((ROOT / "test/Execution/keras").glob("*.keras"))]}
    for name, network in networks.NETWORKS.items():
        for size in (96, 224):
            named[f"{name}-{size}"] = lambda network=network, size=size: network(size).text()
    for row in range(RANDOM_ROWS):
        named[f"random-{row}"] = lambda row=row: random_models(row)
    return named


class Printer:
    """What the tools of a build print for models."""

    def __init__(self, build):
        self.tools = build / "bin"

    def modules(self, model):
        if callable(model):
            return model()
        if model.suffix == ".mlir":
            return model.read_text(encoding="utf-8")
        seed = ["--seed=1"] if model.suffix == ".json" else []  # it has no weights
        return output_of(self.tools / "sepconv-compile", model, "--emit=import", "--name=m", *seed).decode()

    def schedules(self, modules, target):
        """Of each kernel in turn; kernels have no names."""
        printed = ""
        for threads in ("none",) if target.startswith("nvptx") else ("none", "callback"):
            text = output_of(self.tools / "sepconv-opt", "-", "--split-input-file", "-o", os.devnull,
                             f"--sepconv-to-scheduled=target={target} threads={threads}", "--sepconv-print-schedules",
                             content=modules.encode()).decode()
            printed += f"threads={threads}\n" + re.sub(r"^@[^:]*: ", "", text, flags=re.MULTILINE)
        return printed


def line(printer, name, model):
    """A line of the record."""
    modules = printer.modules(model)
    return " ".join([f"{name:24}", digest(modules if callable(model) else model.read_bytes()),
                     *(digest(printer.schedules(modules, target)) for target in TARGETS)])


def read_record():
    lines = RECORD.read_text(encoding="utf-8").splitlines() if RECORD.is_file() else []
    return {text.split()[0]: text for text in lines if text and not text.startswith("#")}


def complaint(name, was, now):
    """What is wrong with a row, or nothing."""
    if was == now:
        return None
    if was is None:
        return f"{name}: not in {RECORD.name}; --refresh adds it"
    _, model, *digests = was.split()
    _, new_model, *new = now.split()
    if model != new_model:
        return f"{name}: the model has changed, so that its schedules say nothing; --refresh records them"
    changed = [target for target, a, b in zip(TARGETS, digests, new) if a != b]
    return (f"{name}: other schedules, parameters or directives for {', '.join(changed)}; --show {name} "
            f"--target {changed[0]} prints them, --against BUILD compares them with another build's")


def compare_with_record(printer, options, pool):
    named, record = rows(), read_record()
    chosen = {name: model for name, model in named.items() if options.all or options.refresh or SAMPLE.match(name)}
    lines = dict(zip(chosen, pool.map(lambda item: line(printer, *item), chosen.items())))
    if options.refresh:
        head = HEADER + " ".join([f"# {'model':22}", f"{'itself':8}", *TARGETS])
        RECORD.write_text("\n".join([head, *lines.values()]) + "\n", encoding="utf-8")
        print(f"wrote {len(lines)} rows")
        return 0
    complaints = [found for name, text in lines.items() if (found := complaint(name, record.get(name), text))]
    gone = [name for name in record if name not in named]
    complaints += [f"{name}: in {RECORD.name}, but there is no such model; --refresh removes it" for name in gone]
    if complaints:
        print("\n".join(complaints))
    return finish(len(lines) + len(gone) - len(complaints), len(complaints))


def compare_with_build(printer, options, pool):
    other = Printer(options.against)
    models = {str(path): path for path in options.models} or rows()

    def differences(item):
        name, model = item
        modules, found = printer.modules(model), []
        for target in options.targets:
            texts = [from_build.schedules(modules, target).splitlines() for from_build in (other, printer)]
            found += difflib.unified_diff(*texts, f"{name}, {target}: {options.against}", "this build", lineterm="")
        return found

    failed = 0
    for found in pool.map(differences, models.items()):
        if found:
            failed += 1
            print("\n".join(found))
    return finish(len(models) - failed, failed)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, required=True)
    parser.add_argument("--all", action="store_true", help="compare every row")
    parser.add_argument("--refresh", action="store_true", help="write the record")
    parser.add_argument("--show", metavar="ROW", help="print what a row's digests are made of")
    parser.add_argument("--target", dest="targets", action="append", choices=TARGETS, help="for --show and --against")
    parser.add_argument("--against", type=Path, metavar="BUILD", help="compare with another build")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("models", nargs="*", type=Path, metavar="MODEL")
    options = parser.parse_args()
    options.targets = options.targets or TARGETS
    printer = Printer(options.build_dir)
    if options.show:
        if options.show not in rows():
            parser.error(f"no row '{options.show}', expected one of {', '.join(rows())}")
        modules = printer.modules(rows()[options.show])
        for target in options.targets:
            print(f"{target}\n{printer.schedules(modules, target)}")
        return 0
    with ThreadPoolExecutor(options.jobs) as pool:
        return (compare_with_build if options.against else compare_with_record)(printer, options, pool)


if __name__ == "__main__":
    sys.exit(main())
