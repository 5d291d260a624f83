"""What tests and checks came to, and how long each took."""

import re
from dataclasses import dataclass, field

SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)
SLOWEST = 10


@dataclass
class Results:
    """How many tests passed and were skipped, the names of those that failed, and what to show of their output."""

    passed: int = 0
    skipped: int = 0
    failed: list = field(default_factory=list)
    shown: list = field(default_factory=list)
    times: dict = field(default_factory=dict)  # seconds, by kind and name

    def add(self, other):
        self.passed += other.passed
        self.skipped += other.skipped
        self.failed += other.failed
        for kind, times in other.times.items():
            self.times.setdefault(kind, {}).update(times)

    def took(self, kind, name, seconds):
        self.times.setdefault(kind, {})[name] = seconds

    def check(self, name, complaints):
        """One test that fails when there is anything to complain about."""
        if not complaints:
            self.passed += 1
            return
        self.failed.append(name)
        self.shown += [f"{name}: {complaint}" for complaint in complaints]

    def line(self):
        return f"{self.passed} passed, {len(self.failed)} failed"

    def slowest(self):
        """Lines that name those that took longest, of each kind."""
        lines = []
        for kind, times in self.times.items():
            longest = sorted(times.items(), key=lambda item: -item[1])[:SLOWEST]
            lines += [f"the slowest {kind}:", *(f"{seconds:8.1f} s  {name}" for name, seconds in longest)]
        return lines


def of_checker(name, code, output, show=None):
    """Of a program that prints `N passed, M failed` in its last line, or has only an exit code. What a line of its
    output must match to be shown where nothing failed."""
    found = SUMMARY.findall(output)
    counts = found[-1] if found else (not code, bool(code), 0)
    passed, failed, skipped = (int(count or 0) for count in counts)
    results = Results(passed, skipped)
    if failed or code:
        results.failed = [name] * max(1, failed)
        results.shown.append(output)
    elif show:
        results.shown += filter(show.search, output.splitlines())
    return results


def of_unittest(name, code, output):
    ran = re.search(r"^Ran (\d+) tests?", output, re.MULTILINE)
    skipped = re.search(r"skipped=(\d+)", output)
    failed = re.findall(r"^(?:FAIL|ERROR): (\S+)", output, re.MULTILINE)
    if code and not failed:
        failed = [f"exit code {code}"]
    skips = int(skipped.group(1)) if skipped else 0
    passed = max(0, (int(ran.group(1)) if ran else 0) - len(failed) - skips)
    return Results(passed, skips, [f"{name}: {test}" for test in failed], [output] if failed else [])


def of_lit(tests, code):
    """`tests` is what lit reports."""
    results = Results()
    for test in tests:
        name = test["name"].replace("sepconv :: ", "test/")
        if test["code"] in ("PASS", "XFAIL", "FLAKYPASS"):
            results.passed += 1
        elif test["code"] in ("SKIPPED", "UNSUPPORTED", "EXCLUDED"):
            results.skipped += test["code"] != "EXCLUDED"
        else:
            results.failed.append(name)
        if test["code"] not in ("SKIPPED", "UNSUPPORTED", "EXCLUDED"):
            results.took("tests", name, test["elapsed"])
    if code and not results.failed:
        results.failed.append(f"lit (exit code {code})")
    return results
