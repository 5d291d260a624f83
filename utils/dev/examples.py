"""Checks that the examples in dialect/ are tests: each names the file that runs it, and is in that file."""

import re

from .common import ROOT

ENTRY = re.compile(r"def (\w+)\s*:\s*(\w+)(?:<\s*\"([^\"]*)\")?")
DESCRIPTION = re.compile(r"let description = \[\{(.*?)\}\];", re.DOTALL)
EXAMPLE = re.compile(r"Example \(`([^`]+)`\):(.*?)(?=Example \(|\Z)", re.DOTALL)
FENCED = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
DIRECTIVE = re.compile(r"\s*//\s*([A-Z][A-Z0-9_-]*?)(-NEXT|-SAME|-LABEL|-DAG|-NOT|-EMPTY|-COUNT-\d+)?:(.*)")
VARIABLE = re.compile(r"\[\[\$?(\w+)(?::.*?)?\]\]")
PATTERN = re.compile(r"\{\{(.*?)\}\}")


def squeezed(text):
    return re.sub(r"\s+", "", text)


def printed(line):
    """What a CHECK line expects, as a reader would write it: names for captures, dots for patterns."""
    line = VARIABLE.sub(lambda match: match.group(1).lower(), line)
    return PATTERN.sub(lambda match: "[[" if match.group(1) == r"\[\[" else "...", line)


def halves(test, prefixes):
    """A test's input, and the output that its CHECK lines expect, with dots where they skip some."""
    given, expected = [], []
    for line in test.splitlines():
        match = DIRECTIVE.match(line)
        if not match:
            given.append(line)
        elif match.group(1) in prefixes and match.group(2) not in ("-NOT", "-EMPTY"):
            expected += [] if match.group(2) == "-NEXT" else ["..."]
            expected.append(printed(match.group(3)))
    return squeezed("\n".join(given)), re.sub(r"(\.\.\.)+", "...", squeezed("\n".join(expected)))


def complaints_about(blocks, path, argument):
    """What is wrong with the blocks of an example of a pass, or of an operation (argument: None)."""
    if not path.is_file():
        yield "names no file"
        return
    if argument and path.stem != argument.removeprefix("sepconv-"):
        yield "is in a test that is not named as the pass"
    test = path.read_text(encoding="utf-8")
    runs = " ".join(re.findall(r"// RUN:(.*)", test))
    if not re.search(rf"\b{argument or 'sepconv-opt'}(?![\w-])", runs):
        yield f"is not run: no RUN line has {argument or 'sepconv-opt'}"
    given, expected = halves(test, {"CHECK", *re.findall(r"--check-prefix=([\w-]+)", runs)})
    before, *after = [squeezed(block) for block in blocks] or [""]
    if not before or before not in given:
        yield "is not in the test's input"
    if any(block not in expected for block in after):
        yield "becomes what no CHECK lines of the test expect"
    if argument and not any(after) and "expected-" not in before:
        yield "has no output"


def entries(text):
    """The passes, operations and attributes of a TableGen file: name, a pass's argument, description."""
    for chunk in re.split(r"^(?=def |class )", text, flags=re.MULTILINE):
        match = ENTRY.match(chunk)
        if match and (match.group(2) == "Pass" or match.group(1).endswith(("Op", "Attr"))):
            description = DESCRIPTION.search(chunk)
            yield (match.group(1), match.group(3) if match.group(2) == "Pass" else None,
                   description.group(1) if description else "")


def examples_are_tests(root=ROOT):
    """Every pass, operation and attribute has an example that a test runs, to the letter."""
    complaints = []
    for path in sorted((root / "dialect").rglob("*.td")):
        for name, argument, description in entries(path.read_text(encoding="utf-8")):
            place = f"{path.relative_to(root).as_posix()}: {name}"
            examples = EXAMPLE.findall(description)
            if not examples:
                complaints.append(f"{place} has no \"Example (`test/...`):\"")
            if len(FENCED.findall(description)) > sum(len(FENCED.findall(text)) for _, text in examples):
                complaints.append(f"{place}: an example names no test")
            for file, text in examples:
                complaints += [f"{place}: the example ({file}) {fault}"
                               for fault in complaints_about(FENCED.findall(text), root / file, argument)]
    return complaints
