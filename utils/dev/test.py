"""Runs every test and check, and adds up the results."""

import json
import os
import py_compile
import re
import tempfile
import time
from dataclasses import dataclass, field

from . import checkers, common, cuda, format as formatting, lint
from .common import DevError, ROOT, run, say, tool
from .install import install_tensorflow

SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)
SEED = re.compile(r"--seed=")  # what repeats random cases is always shown


@dataclass
class Results:
    """How many tests passed and were skipped, and the names of those that failed."""

    passed: int = 0
    skipped: int = 0
    failed: list = field(default_factory=list)

    def check(self, name, complaints):
        """One test that fails when there is anything to complain about."""
        if not complaints:
            self.passed += 1
            return
        self.failed.append(name)
        for complaint in complaints:
            print(f"{name}: {complaint}", flush=True)

    def line(self):
        return f"{self.passed} passed, {len(self.failed)} failed"


def run_all(folder, args):
    try:
        pattern = re.compile(args.filter)
    except re.error as error:
        raise DevError(f"--filter: '{args.filter}' is not a regular expression: {error}",
                       common.USAGE) from error
    results = Results()
    start = time.monotonic()
    run_lit(results, folder, args)
    run_programs(results, folder, pattern, args)
    if args.tensorflow:
        run_tensorflow(results, folder)
    run_checks(results, pattern)
    say(f"took {time.monotonic() - start:.0f} s")
    return finish(results, run_cuda(results, folder) if args.cuda else None)


def finish(results, missing):
    """Says what the results are, and what could not run; the exit code."""
    for name in results.failed:
        print(f"FAILED: {name}")
    if results.skipped:
        say(f"skipped {results.skipped}: this machine lacks what they need")
    print(results.line(), flush=True)
    if missing and not results.failed:
        raise missing
    return 1 if results.failed else 0


def run_lit(results, folder, args):
    """The tests in test/."""
    say("running the lit tests")
    with tempfile.TemporaryDirectory() as scratch:
        report = os.path.join(scratch, "report.json")
        command = [tool("lit"), "-sv", "-o", report, "--allow-empty-runs", folder / "test"]
        command += [f"--filter={args.filter}"] if args.filter else []
        command += [f"-j{args.jobs}"] if args.jobs else []
        code = run(command)
        if not code and not os.path.exists(report):
            return  # the filter is for other tests than these
        try:
            with open(report, encoding="utf-8") as file:
                tests = json.load(file)["tests"]
        except (OSError, ValueError) as error:
            raise DevError(f"lit wrote no report (exit code {code})") from error
    for test in tests:
        if test["code"] in ("PASS", "XFAIL", "FLAKYPASS"):
            results.passed += 1
        elif test["code"] in ("SKIPPED", "UNSUPPORTED", "EXCLUDED"):
            results.skipped += test["code"] != "EXCLUDED"
        else:
            results.failed.append(test["name"].replace("sepconv :: ", "test/"))
    if code and not results.failed:
        results.failed.append(f"lit (exit code {code})")


def run_programs(results, folder, pattern, args):
    """Tests of the Python programs (test_*.py, unittest) and programs that check (check_*.py)."""
    for test in checkers.unittests(pattern):
        say(f"running {test.name}")
        run_unittest(results, test.name, test.path)
    for check in checkers.checkers(pattern, args.sanitize, args.long):
        say(f"running {check.name}")
        run_checker(results, check.name, [tool("python"), check.path, "--build-dir", folder, *check.options],
                    show=SEED)


def run_tensorflow(results, folder):
    """Fresh random cases beside TensorFlow: for this machine, for dynamic sizes and, emulated, for another one."""
    python = install_tensorflow()
    for target, cases, *options in (("host", 2000), ("aarch64", 200), ("host", 500, "--dynamic-sizes")):
        name = "test/support/compare_with_tensorflow.py"
        say(f"running {name}: {cases} cases for {' '.join([target, *options])}")
        run_checker(results, f"{name} {target}", [python, ROOT / name, "--build-dir", folder,
                                                  "--cases", cases, "--target", target, *options],
                    show=re.compile("--seed=|largest errors"))


def run_cuda(results, folder):
    """Layers, networks and random modules on a GPU; or why they could not run."""
    try:
        code, output = cuda.test(folder)
    except DevError as error:
        return error
    count_checks(results, "on a GPU", code, output)
    return None


def run_unittest(results, name, path):
    code, output = common.capture([tool("python"), "-m", "unittest", "-v", path.name],
                                  cwd=path.parent)
    ran = re.search(r"^Ran (\d+) tests?", output, re.MULTILINE)
    skipped = re.search(r"skipped=(\d+)", output)
    failed = re.findall(r"^(?:FAIL|ERROR): (\S+)", output, re.MULTILINE)
    if code and not failed:
        failed = [f"exit code {code}"]
    if failed:
        print(output, flush=True)
    skips = int(skipped.group(1)) if skipped else 0
    results.passed += max(0, (int(ran.group(1)) if ran else 0) - len(failed) - skips)
    results.skipped += skips
    results.failed += [f"{name}: {test}" for test in failed]


def run_checker(results, name, command, show=None):
    """A program that prints `N passed, M failed` in its last line, or has only an exit code. What a line of its
    output must match to be shown where nothing failed."""
    count_checks(results, name, *common.capture(command), show)


def count_checks(results, name, code, output, show=None):
    found = SUMMARY.findall(output)
    counts = found[-1] if found else (not code, bool(code), 0)
    passed, failed, skipped = (int(count or 0) for count in counts)
    results.passed += passed
    results.skipped += skipped
    if failed or code:
        print(output, flush=True)
        results.failed += [name] * max(1, failed)
    elif show:
        print("\n".join(filter(show.search, output.splitlines())), flush=True)


def run_checks(results, pattern):
    """Format, syntax and the rules of the house: one test each."""
    checks = {"format": formatting.complaints, "python": python_complaints, **lint.RULES}
    say("checking the sources")
    for name, function in checks.items():
        if pattern.search(name):
            results.check(name, function())


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
