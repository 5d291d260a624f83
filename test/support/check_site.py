#!/usr/bin/env python3
"""Build the site of the documentation without a warning, and see that a link to nowhere is one.

usage: check_site.py --build-dir BUILD

Ends with a line `N passed, M failed`.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "utils"))

from checking import finish, run  # noqa: E402 (the path is set above)
from dev import docs  # noqa: E402
from dev.common import DevError  # noqa: E402

DEAD = "\n[a page](nowhere.md), [a heading](docs/python.md#nowhere)\n"


def check_site():
    docs.stage()
    docs.build_site()


def check_dead_links():
    page = docs.PAGES / "README.md"
    page.write_text(page.read_text(encoding="utf-8") + DEAD, encoding="utf-8")
    try:
        docs.build_site()
    except DevError as error:
        if "2 warnings" in str(error):
            return
        raise
    raise DevError("expected two warnings of dead links, found none")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    run("cmake", "--build", parser.parse_args().build_dir, "--target", "docs", "sepconv-compile", "sepconv-opt")
    failed, checks = 0, (check_site, check_dead_links)
    for check in checks:
        try:
            check()
        except DevError as error:
            print(f"FAILED: {check.__name__}: {error}")
            failed += 1
    return finish(len(checks) - failed, failed)


if __name__ == "__main__":
    sys.exit(main())
