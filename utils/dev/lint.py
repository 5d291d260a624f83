"""The rules of the house that a program can check. Each returns its complaints, one line each."""

import re

from . import common, libraries
from .common import ROOT
from .examples import entries, examples_are_tests
from .repetition import nothing_is_repeated, schedules_share

TEXT = (".cpp", ".h", ".c", ".td", ".mlir", ".test", ".py", ".cmake", ".txt", ".in", ".md", ".json",
        ".sh", "/dev", ".ci/run")
GENERATED = (".o", ".a", ".so", ".inc", ".pyc", ".pb", ".whl", ".log")
# The widest line of the files whose names match; clang-format knows about C++.
WIDTH = ((r"\.td$", 100), (r"\.py$", 120), (r"\.cmake$|CMakeLists\.txt$", 100), (r"^schedules/.*\.mlir$", 110))
SELF = "utils/dev/lint.py"
LARGEST = 512 << 10  # bytes of one file; trained models are the largest


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def lines(*suffixes, skip=()):
    """Every line of the files with its place, `file:line`."""
    for path in common.sources(*(suffixes or TEXT)):
        if name_of(path) in skip:
            continue
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            yield f"{name_of(path)}:{number}", line


def text(name):
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def halide_border():
    """Halide.h is included in lib/Halide and nowhere else."""
    include = re.compile(r'#\s*include\s*[<"]Halide\.h[>"]')
    return [f"{place}: only lib/Halide includes Halide.h" for place, line in lines(".cpp", ".h")
            if include.search(line) and not place.startswith("lib/Halide/")]


def tablegen_in_dialect():
    """TableGen files are in dialect/."""
    return [f"{name_of(path)}: TableGen belongs in dialect/" for path in common.sources(".td")
            if not name_of(path).startswith("dialect/")]


def one_pass_per_file():
    """A pass X of dialect/Passes is in lib/*/X.cpp; that it has a test of its name is part of examples-are-tests."""
    implemented = {path.stem for path in common.sources(".cpp")}
    return [f"{name_of(path)}: {argument} has no {name}.cpp in lib/"
            for path in common.sources(".td")
            for name, argument, _ in entries(path.read_text(encoding="utf-8"))
            if argument and name not in implemented]


def rules_are_tested():
    """Every numbered rule that a description or a verifier cites is in the specification; the latter has a test."""
    specification = text("dialect/README.md") + text("schedules/README.md")
    letters = "".join(set(re.findall(r"^(?:\| |- )([A-Z])\d+(?: \||:)", specification, re.MULTILINE)))
    cited = {}
    for place, line in lines(".cpp", ".h"):
        if place.startswith("lib/"):
            for rule in re.findall(rf'"([{letters}]\d+)(?:: |")', line):
                cited.setdefault(rule, place)
    tests = "\n".join(path.read_text(encoding="utf-8") for path in common.sources(".mlir", ".test"))
    complaints = [f"{place}: rule {rule} is in neither dialect/README.md nor schedules/README.md"
                  for place, line in lines(".td") for rule in re.findall(rf"\b[{letters}]\d+\b", line)
                  if not re.search(rf"\b{rule}\b", specification)]
    for rule, place in sorted(cited.items(), key=lambda item: (item[0][0], int(item[0][1:]))):
        if not re.search(rf"\b{rule}\b", specification):
            complaints.append(f"{place}: rule {rule} is in neither dialect/README.md nor schedules/README.md")
        if not re.search(rf"expected-error.*\b{rule}:|\b{rule}: ", tests):
            complaints.append(f"{place}: rule {rule} has no test that expects its error")
    return complaints


def facts_are_read():
    """Every fact of a target.mlir is named by an expression of a schedule or read in lib/."""
    facts, read, words, endings = {}, set(), set(), set()
    for path in common.sources(".mlir"):
        if not name_of(path).startswith("schedules/"):
            continue
        code = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        if path.name == "target.mlir":
            facts.update((fact, name_of(path)) for fact in re.findall(r"(\w+) = \d", code))
        else:
            strings = re.findall(r'"[^"]*"', code)
            read.update(re.findall(r"[a-z]\w*", " ".join(strings)))
            # The name of a fact may begin with an argument of a definition.
            words.update(re.findall(r'"(\w+)"', " ".join(strings)))
            endings.update(re.findall(r"\b[A-Z]+(_[a-z]\w*)", " ".join(strings)))
    read.update(word + ending for word in words for ending in endings)
    for place, line in lines(".cpp"):
        if place.startswith("lib/"):
            read.update(re.findall(r'(?:lookup\(|factOf\(facts, )"(\w+)"', line))
    return [f"{place}: nothing reads the fact {fact}" for fact, place in sorted(facts.items()) if fact not in read]


def directories_mirror():
    """include/sepconv and lib mirror each other."""
    library = {name_of(path).split("/")[1] for path in common.sources() if
               name_of(path).startswith("lib/") and name_of(path).count("/") > 1}
    headers = {name_of(path).split("/")[2] for path in common.sources(".h") if
               name_of(path).startswith("include/sepconv/") and name_of(path).count("/") > 2}
    return [f"include/sepconv/{folder}: there is no lib/{folder}"
            for folder in sorted(headers - library)]


def files_say_what_they_are():
    """A C++ or TableGen file of the compiler begins with its name and what it is for."""
    complaints = []
    for path in common.sources(".cpp", ".h", ".td"):
        if not name_of(path).startswith(("dialect/", "include/", "lib/", "tools/")):
            continue
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        if not re.match(rf"//===- {re.escape(path.name)} - \S", first):
            complaints.append(f"{name_of(path)}:1: expected //===- {path.name} - purpose ---===//")
    return complaints


def nothing_unfinished():
    """No notes about work that is left; an issue is the place for that."""
    note = re.compile(r"\b(TODO|FIXME|XXX)\b")
    return [f"{place}: {line.strip()}" for place, line in lines(skip=[SELF]) if note.search(line)]


def no_machine_paths():
    """No path of somebody's machine."""
    path = re.compile(r"(?<![\w.}$)%>*~-])/(home|root|work|tmp|mnt|opt|usr/lib/llvm)\b[-/]")
    return [f"{place}: {line.strip()}" for place, line in lines(skip=[SELF])
            if path.search(line)]


def width_of(name):
    """How many columns the lines of a file may have; None: as many as they like."""
    return next((width for pattern, width in WIDTH if re.search(pattern, name)), None)


def tidy_text():
    """Lines end without blanks, files with a line end, and no code is wider than it may be."""
    complaints = []
    for place, line in lines():
        if line != line.rstrip():
            complaints.append(f"{place}: blanks at the end of the line")
        most = width_of(place.split(":")[0])
        if most and len(line) > most:
            complaints.append(f"{place}: {len(line)} columns, at most {most}")
    for path in common.sources(*TEXT):
        content = path.read_bytes()
        if content and not content.endswith(b"\n"):
            complaints.append(f"{name_of(path)}: no line end at the end of the file")
        if b"\r" in content:
            complaints.append(f"{name_of(path)}: carriage returns")
    return complaints


def anchors(path):
    """The anchors that GitHub gives the headings of a document."""
    titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def documents_refer_to_what_exists():
    """Links in documents lead to files and headings, and the paths that documents name exist."""
    complaints = []
    folders = "|".join(sorted({name_of(path).split("/")[0] for path in common.sources() if "/" in name_of(path)}))
    named = re.compile(rf"(?<![\w./<-])((?:{folders})/[\w./-]*\w)")
    for path in common.sources(".md"):
        content = path.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)\s]+)\)", content):
            target, _, anchor = link.partition("#")
            file = path.parent / target if target else path
            if re.match(r"https?://", link):
                continue
            if not file.exists():
                complaints.append(f"{name_of(path)}: the link {link} leads nowhere")
            elif anchor and anchor not in anchors(file):
                complaints.append(f"{name_of(path)}: the link {link} leads to no heading")
        for name in sorted(set(named.findall(content))):
            if not (ROOT / name).exists() and not list(ROOT.glob(f"{name}*")):
                complaints.append(f"{name_of(path)}: {name} does not exist")
    return complaints


def documentation_is_indexed():
    """Every page of docs/ is linked from the index of its folder."""
    return [f"{name_of(path.parent)}/README.md: no link to {path.name}" for path in common.sources(".md")
            if name_of(path).startswith("docs/") and f"({path.name})" not in text(name_of(path.parent / "README.md"))
            and path.name != "README.md"]


def nothing_generated():
    """Nothing generated and nothing large is committed."""
    complaints = [f"{name_of(path)}: generated files are not committed"
                  for path in common.sources(*GENERATED)]
    complaints += [f"{name_of(path)}: {path.stat().st_size} bytes, at most {LARGEST}"
                   for path in common.sources() if path.stat().st_size > LARGEST]
    return complaints


RULES = {f"lint {function.__name__.replace('_', '-')}": function for function in (
    halide_border, tablegen_in_dialect, one_pass_per_file, examples_are_tests, rules_are_tested,
    facts_are_read, directories_mirror, files_say_what_they_are, nothing_unfinished, no_machine_paths,
    tidy_text, documents_refer_to_what_exists, documentation_is_indexed, nothing_generated, nothing_is_repeated,
    schedules_share, *libraries.RULES)}
