#!/usr/bin/env python3
"""Check that the documents are true: the commands in them, their options, and the messages that they quote.

- A fenced block ```LANGUAGE file=PATH is written to PATH, which is below build/.
- A fenced block ```console checked is executed, in the repository's root and page by page. A line that begins with
  "$ " is a command, which a backslash continues; the lines up to the next one are its output. In them "..." stands for
  anything within a line, and on a line of its own for any lines.
- A fenced block ```console long is one that --long executes too: it takes minutes, or compilers for another machine.
- An option in a document (--NAME) is one of a tool, of ./dev or of a Python program of the repository.
- A message in the first column of docs/errors.md is in the sources: each part between "...".
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
TOOLS = ("sepconv-compile", "sepconv-quantize", "sepconv-run", "sepconv-opt")
FOREIGN = {"--preset", "--install", "--prefix", "--build", "--variable"}  # CMake's and pkg-config's
SOURCES = (".cpp", ".h", ".c", ".py")


def documents():
    names = subprocess.run(["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others",
                            "--exclude-standard", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in names.stdout.split() if (ROOT / name).is_file()]


# Blocks that run

def commands(block):
    """The commands of a block and the output that each should have."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], []])
        elif found and found[-1][0].endswith("\\") and not found[-1][1]:
            found[-1][0] += "\n" + line
        elif found:
            found[-1][1].append(line.rstrip())
    return found


def matches(output, expected):
    """Whether an output is the expected one, in which "..." stands for anything."""
    pattern = ""
    for line in expected:
        if line == "...":
            pattern += r"(?:.*\n)*"
        else:
            pattern += ".*".join(re.escape(part) for part in line.split("...")) + r"\n"
    text = "".join(f"{line.rstrip()}\n" for line in output.splitlines())
    return re.fullmatch(pattern, text) is not None


def run_page(path, build, environment, kinds):
    """The number of commands of a page, and its complaints."""
    name, count, complaints = path.relative_to(ROOT), 0, []
    shutil.rmtree(ROOT / "build/pages", ignore_errors=True)  # each page by itself
    for info, block in FENCE.findall(path.read_text(encoding="utf-8")):
        words = info.split()
        files = [word.removeprefix("file=") for word in words if word.startswith("file=build/")]
        for file in files:
            (ROOT / file).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / file).write_text(block, encoding="utf-8")
        if not kinds.intersection(words):
            continue
        for command, expected in commands(block):
            done = subprocess.run(["bash", "-c", command.replace("build/bin/", f"{build}/bin/")], cwd=ROOT,
                                  env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  stdin=subprocess.DEVNULL, text=True, timeout=300, check=False)
            count += 1
            if not matches(done.stdout, expected):
                complaints.append(f"{name}: $ {command}\nexpected\n" + "\n".join(expected) +
                                  f"\nfound (exit code {done.returncode})\n{done.stdout}")
    return count, complaints


# Options

def help_text(command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def known_options(build):
    """The options of our programs, from the help texts of the tools and the sources of the Python programs."""
    texts = [help_text([f"{build}/bin/{tool}", "--help"]) for tool in TOOLS]
    texts.append(help_text([f"{build}/bin/sepconv-compile", "--help-function"]).replace("\n  ", "\n  --"))
    programs = [path.read_text(encoding="utf-8") for folder in ("bench", "examples", "python", "test", "utils")
                for path in (ROOT / folder).rglob("*.py")]
    return set(re.findall(r"--[a-z][\w-]*", "\n".join(texts)) +
               re.findall(r'"(--[a-z][\w-]*)"', "\n".join(programs))) | FOREIGN


def option_complaints(path, known):
    text = path.read_text(encoding="utf-8")
    return [f"{path.relative_to(ROOT)}: no program has the option {option}"
            for option in sorted(set(re.findall(r"(?<![\w-])--[a-z][\w-]*", text)) - known)]


# Messages

def sources():
    """The texts of the sources, with neighbouring string literals joined."""
    paths = [path for folder in ("lib", "tools", "utils", "dialect", "python") for path in (ROOT / folder).rglob("*")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths if path.suffix in SOURCES)
    return re.sub(r'"\s*f?"', "", text)


def message_complaints(path):
    complaints, text = [], sources()
    for row in re.findall(r"^\| (.*?) \|", path.read_text(encoding="utf-8"), re.MULTILINE):
        for message in re.findall(r"`([^`]+)`", row):
            parts = [part.strip(" '\"") for part in message.split("...")]
            complaints += [f"docs/errors.md: no source has the message '{part}' of `{message}`"
                           for part in parts if len(part) > 3 and part not in text]
    return complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    parser.add_argument("--filter", default="", help="only the documents whose path matches this regular expression")
    parser.add_argument("--long", action="store_true", help="also what takes long")
    arguments = parser.parse_args()
    kinds = {"checked", "long"} if arguments.long else {"checked"}
    build = os.path.relpath(arguments.build_dir.resolve(), ROOT)
    known, passed, complaints = known_options(build), 0, []
    with tempfile.TemporaryDirectory() as programs:
        # The documents call the compilers cc and c++; those of the build may have other names.
        for name, variable in (("cc", "CC"), ("c++", "CXX")):
            if os.environ.get(variable):
                Path(programs, name).symlink_to(os.environ[variable])
        path = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "PATH": path}  # the order of ls depends on the locale
        for path in documents():
            if not re.search(arguments.filter, str(path.relative_to(ROOT))):
                continue
            count, wrong = run_page(path, build, environment, kinds)
            wrong += option_complaints(path, known)
            if path.name == "errors.md":
                wrong += message_complaints(path)
            passed += count + (not wrong)
            complaints += wrong
    print("\n".join(complaints))
    print(f"{passed} passed, {len(complaints)} failed")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
