"""Formats the C++ files, or lists those that are not formatted."""

import shutil

from . import common
from .common import ROOT, say
from .install import FORMAT_PACKAGES, install_packages

SUFFIXES = (".cpp", ".h", ".c")


def files():
    return common.sources(*SUFFIXES)


def complaints():
    """One line for each place that clang-format would change."""
    code, output = common.capture([formatter(), "--dry-run", "-Werror", "--fallback-style=none",
                                   *files()])
    if code == 0:
        return []
    places = [line.replace(f"{ROOT}/", "") for line in output.splitlines() if "error:" in line]
    return places or [output.strip()]


def formatter():
    return shutil.which("clang-format-22") or "clang-format-22"


def run(check):
    if not shutil.which("clang-format-22"):
        install_packages(FORMAT_PACKAGES)
    if check:
        found = complaints()
        print("\n".join(found) if found else "every C++ file is formatted")
        return 1 if found else 0
    before = {path: path.read_bytes() for path in files()}
    common.run([formatter(), "-i", *before], check="clang-format failed")
    changed = [path for path, content in before.items() if path.read_bytes() != content]
    for path in changed:
        say(f"formatted {path.relative_to(ROOT)}")
    say(f"{len(changed)} of {len(before)} files changed")
    return 0
