"""The rules against writing the same lines twice: in two programs that test, and in two schedules."""

import re

from .common import ROOT

LINES = 6  # fewer that are equal may be chance
FOLDERS = ("test/support", "test/fuzz", "test/gpu")


def program_lines(text):
    """Every line but blank ones, comments and imports: its number and text."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line and not line.startswith(("#", "import ", "from ")):
            yield number, line


def schedules(text):
    """The lines of each schedule and definition of a file, without comments and brackets that stand alone."""
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"schedule\.(schedule|define)\b", line):
            yield lines
            lines = []
        line = line.strip()
        if re.match(r"\w", line):
            lines.append((number, line))
    yield lines


def repeated(parts):
    """Complaints about parts, (file, lines), of which two have equal lines, one after the other."""
    first, complaints = {}, []
    for part, (name, lines) in enumerate(parts):
        last = 0
        for start in range(len(lines) - LINES + 1):
            numbers, texts = zip(*lines[start:start + LINES])
            other, place = first.setdefault(texts, (part, f"{name}:{numbers[0]}"))
            if other != part and numbers[0] > last:
                complaints.append(f"{name}:{numbers[0]}: {LINES} lines as at {place}")
                last = numbers[-1]
    return complaints


def nothing_is_repeated(root=ROOT):
    """No six equal lines stand in two programs of test/: they are a function of a module that both import."""
    paths = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.py"))
    return repeated((path.relative_to(root).as_posix(), list(program_lines(path.read_text(encoding="utf-8"))))
                    for path in paths)


def schedules_share(root=ROOT):
    """No six equal lines stand in two schedules: they are a schedule.define that both use."""
    return repeated((path.relative_to(root).as_posix(), lines)
                    for path in sorted((root / "schedules").glob("*/*.mlir"))
                    for lines in schedules(path.read_text(encoding="utf-8")))
