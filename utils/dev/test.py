"""Runs every test and check, and adds up the results."""

import concurrent.futures
import json
import os
import py_compile
import re
import resource
import tempfile
import time

from . import checkers, common, cuda, format as formatting, lint, results
from .common import DevError, ROOT, run, say, tool
from .install import install_frameworks, install_tensorflow
from .results import Results

SEED = re.compile(r"--seed=")  # what repeats random cases is always shown
ANSWERS = re.compile(r"--seed=|largest error")
# Compiles networks in many combinations. All of them would take days, so many take hours.
SWEEP, SWEEP_LIMIT, SWEEP_SHOWN = "test/support/check_sweep.py", 1000, re.compile("^most ")
LIT = "test/"
# While one has a single test left, the other one has the other cores.
AT_ONCE = 2


def run_all(folder, args):
    try:
        pattern = re.compile(args.filter)
    except re.error as error:
        raise DevError(f"--filter: '{args.filter}' is not a regular expression: {error}",
                       common.USAGE) from error
    if args.jobs:
        os.environ["SEPCONV_JOBS"] = str(args.jobs)  # test/support/checking.py reads it
    start = time.monotonic()
    total = run_tasks([(LIT, lambda: run_lit(folder, args)), *program_tasks(folder, pattern, args),
                       *(tensorflow_tasks(folder) if args.tensorflow else []),
                       *(framework_tasks(folder) if args.frameworks else []),
                       *(sweep_tasks(folder) if args.long and pattern.search(SWEEP) else []),
                       ("the sources", lambda: check_sources(pattern))])
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    for line in total.slowest():
        say(line)
    say(f"took {time.monotonic() - start:.0f} s, and {used.ru_utime + used.ru_stime:.0f} s of processor time")
    return finish(total, run_cuda(total, folder) if args.cuda else None)


def finish(total, missing):
    """Says what the results are, and what could not run; the exit code."""
    for name in total.failed:
        print(f"FAILED: {name}")
    if total.skipped:
        say(f"skipped {total.skipped}: this machine lacks what they need")
    print(total.line(), flush=True)
    if missing and not total.failed:
        raise missing
    return 1 if total.failed else 0


def run_tasks(tasks):
    """Runs functions that return results, and shows what each came to when it ends."""
    total = Results()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(run_task, *task) for task in tasks]
        try:
            for future in concurrent.futures.as_completed(running):
                total.add(future.result())
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return total


def run_task(name, function):
    start = time.monotonic()
    found = function()
    seconds = time.monotonic() - start
    if found.passed or found.failed or found.skipped:
        if name != LIT:
            found.took("programs", name, seconds)
        print("\n".join([*found.shown, f"dev: {name}: {found.line()}, {seconds:.0f} s"]), flush=True)
    return found


def run_lit(folder, args):
    """The tests in test/."""
    with tempfile.TemporaryDirectory() as scratch:
        report = os.path.join(scratch, "report.json")
        command = [tool("lit"), "-sv", "--no-progress-bar", "-o", report, "--allow-empty-runs", folder / "test"]
        command += [f"--filter={args.filter}"] if args.filter else []
        command += [f"-j{args.jobs}"] if args.jobs else []
        code = run(command)
        if not code and not os.path.exists(report):
            return Results()  # the filter is for other tests than these
        try:
            with open(report, encoding="utf-8") as file:
                return results.of_lit(json.load(file)["tests"], code)
        except (OSError, ValueError) as error:
            raise DevError(f"lit wrote no report (exit code {code})") from error


def program_tasks(folder, pattern, args):
    """Programs that check (check_*.py) and tests of the Python programs (test_*.py, unittest)."""
    def check(program):
        command = [tool("python"), program.path, "--build-dir", folder, *program.options]
        return results.of_checker(program.name, *common.capture(command), SEED)

    def unittest(program):
        command = [tool("python"), "-m", "unittest", "-v", program.path.name]
        package = {"SEPCONV_HOME": str(folder), "PYTHONPATH": str(ROOT / "python")}
        return results.of_unittest(program.name, *common.capture(command, cwd=program.path.parent,
                                                                 env={**common.environment(), **package}))

    return [*((program.name, lambda program=program: check(program))
              for program in checkers.checkers(pattern, args.sanitize, args.long)),
            *((program.name, lambda program=program: unittest(program)) for program in checkers.unittests(pattern))]


def tensorflow_tasks(folder):
    """Fresh random cases beside TensorFlow: for this machine, for dynamic sizes and, emulated, for another one."""
    python = install_tensorflow()
    name = "test/support/compare_with_tensorflow.py"

    def compare(options):
        command = [python, ROOT / name, "--build-dir", folder, *options]
        return results.of_checker(name, *common.capture(command), ANSWERS)

    return [(f"{name} {options}", lambda options=options: compare(options.split()))
            for options in ("--cases 2000 --target host", "--cases 200 --target aarch64",
                            "--cases 500 --target host --dynamic-sizes", "--cases 500 --package")]


def framework_tasks(folder):
    """MobileNetV2 as an object of Keras, ONNX, TFLite and torch, beside these."""
    pythons = [install_frameworks(), install_tensorflow()]
    name = "test/Python/check_frameworks.py"

    def compare():
        command = [tool("python"), ROOT / name, "--build-dir", folder, *pythons]
        return results.of_checker(name, *common.capture(command), ANSWERS)

    return [(f"{name} --frameworks", compare)]


def sweep_tasks(folder):
    """The networks of keras.applications. The results stay in build/sweep, and the next run continues there."""
    networks = common.BUILD / "sweep"

    def sweep():
        try:
            run([install_tensorflow(), ROOT / "test/support/make_architectures.py", "--output", networks],
                check="Keras could not make them")
        except DevError as error:
            return Results(skipped=1, shown=[f"skipped the networks of keras.applications: {error}"])
        command = [tool("python"), ROOT / SWEEP, "--build-dir", folder, "--networks", networks,
                   "--state", networks / "results.jsonl", "--limit", SWEEP_LIMIT]
        return results.of_checker(SWEEP, *common.capture(command), SWEEP_SHOWN)

    return [(f"{SWEEP} --networks", sweep)]


def run_cuda(total, folder):
    """Layers, networks and random modules on a GPU; or why they could not run."""
    try:
        found = results.of_checker("on a GPU", *cuda.test(folder))
    except DevError as error:
        return error
    print("\n".join(found.shown), flush=True)
    total.add(found)
    return None


def check_sources(pattern):
    """Format, syntax and the rules of the house: one test each."""
    found = Results()
    for name, function in {"format": formatting.complaints, "python": python_complaints, **lint.RULES}.items():
        if pattern.search(name):
            found.check(name, function())
    return found


def python_complaints():
    """Files that are no Python."""
    complaints = []
    with tempfile.TemporaryDirectory() as scratch:
        for path in [*common.sources(".py"), ROOT / "dev"]:
            try:
                py_compile.compile(str(path), cfile=os.path.join(scratch, "out"), doraise=True)
            except py_compile.PyCompileError as error:
                complaints.append(str(error).strip())
    return complaints
