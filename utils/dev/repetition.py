"""The rule against writing the same lines in two programs that test."""

from .common import ROOT

LINES = 6  # fewer that are equal may be chance
FOLDERS = ("test/support", "test/fuzz", "test/gpu")


def meaningful(path):
    """Every line but blank ones, comments and imports: its number and text."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if text and not text.startswith(("#", "import ", "from ")):
            yield number, text


def nothing_is_repeated(root=ROOT):
    """No six equal lines stand in two programs of test/: they are a function of a module that both import."""
    first, complaints = {}, []
    for path in sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.py")):
        name, last = path.relative_to(root).as_posix(), 0
        lines = list(meaningful(path))
        for start in range(len(lines) - LINES + 1):
            numbers, texts = zip(*lines[start:start + LINES])
            other, line = first.setdefault(texts, (name, numbers[0]))
            if other != name and numbers[0] > last:
                complaints.append(f"{name}:{numbers[0]}: {LINES} lines as at {other}:{line}")
                last = numbers[-1]
    return complaints
