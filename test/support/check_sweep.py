#!/usr/bin/env python3
"""Compile networks at many sizes, for many targets, in each type, and say how much time and memory each took.

usage: check_sweep.py --build-dir BUILD [--networks DIRECTORY] [--state FILE] [--seed S] [--limit N] [--share I/N]
                      [--jobs N]

A combination fails that is refused, takes more than 60 s of processor time or 4 GiB, or for which a schedule of ours
turns out not to be legal, so that a kernel runs by a slower one. Without --networks the networks are small ones, at
the sizes and with the threads that have failed before, and a covering array of the others. With it they are the
architectures of keras.applications that make_architectures.py has written there, in all combinations, the covering
array first. What is in the state file is not compiled again. --limit compiles no more than N, --share the I-th of N
parts. Ends with a line `N passed, M failed`.
"""

import argparse
import concurrent.futures
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import sweep
from checking import JOBS, finish
from network_parts import PARTS, make_part

SECONDS, BYTES = 60, 4 * 2**30
SEED = 1  # of the weights
PASSED_OVER = re.compile(r"remark: (schedule @\S+ is passed over .*)")
# What has been refused: more of the stack than there is.
ONCE_REFUSED = [sweep.Combination(*row) for row in [
    ("mobilenet_end", 448, "x86-64-v4", "callback", "float32", "1"),
    ("mobilenet_v2_end", 331, "x86-64-v4", "callback", "float32", "1"),
    ("xception_end", 299, "x86-64-v4", "callback", "float32", "1"),
    ("vgg", 512, "x86-64-v4", "callback", "float32", "1"),
]]


class Compiler:
    """sepconv-compile, in a folder for its inputs and products."""

    def __init__(self, tools, folder):
        self.tool, self.folder = tools / "sepconv-compile", Path(folder)

    def run(self, *arguments):
        """What it wrote, what is wrong or empty, what it remarked, its processor time and its most memory."""
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as messages:
            process = subprocess.Popen([self.tool, *map(str, arguments)], stdout=output, stderr=messages)
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (SECONDS + 1, SECONDS + 1))
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (BYTES, BYTES))
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            text, said = (file.seek(0) or file.read() for file in (output, messages))
        seconds, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
        problem = ""
        if seconds > SECONDS or memory > BYTES:
            problem = f"takes more than {SECONDS} s or {BYTES >> 30} GiB"
        elif process.returncode:
            lines = said.splitlines()
            error = next((line for line in lines if "error:" in line), lines[-1] if lines else "")
            problem = f"exit code {process.returncode}: {error}"
        elif passed_over := PASSED_OVER.search(said):
            problem = passed_over.group(1)
        return text, problem, seconds, memory

    def compile(self, combination, source):
        """The problem of a combination, its processor time and its most memory; from an architecture or a module."""
        options = []
        if source.suffix == ".json":
            options = [f"--batch={combination.batch}"]
            if combination.type != "float32":  # Keras's files are, and the tools read modules of any type
                text, *results = self.run(source, "--emit=import", f"--seed={SEED}", *options)
                if results[0]:
                    return results
                source, options = self.folder / "network.mlir", []
                source.write_text(in_type(text, combination.type), encoding="utf-8")
        _, *results = self.run(source, *options, "--name=network", "-o", self.folder / "out", f"--seed={SEED}",
                               "--remarks", f"--target={combination.target}", f"--threads={combination.threads}")
        return results


def in_type(module, element):
    return re.sub(r"(?<![a-zA-Z])(x?)f32\b", rf"\1{sweep.TYPES[element]}", module)


def generated(combination, folder):
    """A module that is a part of a network."""
    dynamic = combination.batch == "dynamic"
    network = make_part(combination.network, combination.size, 1 if dynamic else int(combination.batch))
    text = in_type(network.text(), combination.type)
    path = Path(folder) / "network.mlir"
    path.write_text(text.replace("module {", "module attributes {sepconv.dynamic_batch} {", 1) if dynamic else text,
                    encoding="utf-8")
    return path


class State:
    """The results that there are: a line of JSON for each."""

    def __init__(self, path):
        self.path, self.results = path, {}
        if path and path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                result = json.loads(line)
                self.results[result["combination"]] = result

    def add(self, result):
        self.results[result["combination"]] = result
        if self.path:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")


def planned(arguments):
    """The combinations to compile."""
    if not arguments.networks:
        rows, first = sweep.combinations(PARTS, arguments.seed)
        return [*ONCE_REFUSED, *rows[:first]]
    names = sorted({path.name.rsplit("-", 1)[0] for path in arguments.networks.glob("*-*.json")})
    rows, _ = sweep.combinations(names, arguments.seed)
    part, parts = map(int, arguments.share.split("/"))
    return rows[part - 1 :: parts]


def source_of(combination, arguments, folder):
    if arguments.networks:
        return arguments.networks / f"{combination.network}-{combination.size}.json"
    return generated(combination, folder)


def measure(row, arguments):
    """The result of a combination."""
    with tempfile.TemporaryDirectory(prefix="sepconv-") as folder:
        compiler = Compiler(arguments.build_dir / "bin", folder)
        problem, seconds, memory = compiler.compile(row, source_of(row, arguments, folder))
    return {"combination": str(row), "problem": problem, "seconds": round(seconds, 2), "mebibytes": memory >> 20}


def run_all(arguments):
    """The results of all combinations; those that are not known yet are compiled."""
    state = State(arguments.state)
    plan = planned(arguments)
    wanted = [row for row in plan if str(row) not in state.results][: arguments.limit]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        running = [pool.submit(measure, row, arguments) for row in wanted]
        for number, future in enumerate(concurrent.futures.as_completed(running), 1):
            result = future.result()
            state.add(result)
            print(f"{number}/{len(wanted)} {result['combination']}: {result['seconds']} s, {result['mebibytes']} MiB "
                  f"{result['problem']}", flush=True)
    return [state.results[str(row)] for row in plan if str(row) in state.results]


def summarize(results):
    """Prints what was slowest, largest and wrong; how many failed."""
    failed = [result for result in results if result["problem"]]
    for what, unit in (("seconds", "s"), ("mebibytes", "MiB")):
        most = max(results, key=lambda result: result[what])
        print(f"most {what}: {most[what]} {unit}, {most['combination']}")
    for result in failed:
        print(f"FAILED: {result['combination']}: {result['problem']}")
    return len(failed)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, required=True)
    parser.add_argument("--networks", type=Path, help="a folder of NAME-SIZE.json (default: parts of networks)")
    parser.add_argument("--state", type=Path, help="a file of the results, to go on with (default: none)")
    parser.add_argument("--seed", type=int, default=0, help="of the order of the combinations")
    parser.add_argument("--limit", type=int, metavar="N", help="the most combinations to compile (default: all)")
    parser.add_argument("--share", default="1/1", metavar="I/N", help="compile every N-th of them, from the I-th on")
    parser.add_argument("-j", "--jobs", type=int, default=JOBS, metavar="N", help="how many at a time")
    results = run_all(parser.parse_args())
    failed = summarize(results)
    return finish(len(results) - failed, failed)


if __name__ == "__main__":
    sys.exit(main())
