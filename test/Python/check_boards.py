#!/usr/bin/env python3
"""Install Ray into an environment of its own, and tune on two boards there, one of which dies.

usage: check_boards.py --build-dir BUILD

Ends with a line `N passed, M failed`.
"""

import argparse
import os
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test/support"))

from checking import PROBLEMS, execute, finish  # noqa: E402 (the path is set above)

PACKAGES = ("ray==2.60.0", "numpy", "ml_dtypes")


def check(folder):
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    execute(python, "-m", "pip", "install", "--quiet", *PACKAGES, timeout=1800)
    execute(python, "-m", "unittest", "test_tune.TuneTest.test_boards")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, required=True)
    os.environ["SEPCONV_HOME"] = str(parser.parse_args().build_dir.resolve())
    os.environ["PYTHONPATH"] = f"{ROOT / 'python'}:{ROOT / 'test/Python'}"
    with tempfile.TemporaryDirectory(prefix="sepconv-boards-") as folder:
        try:
            check(Path(folder))
        except PROBLEMS as problem:
            print(f"FAILED: {problem}")
            return finish(0, 1)
    return finish(1, 0)


if __name__ == "__main__":
    sys.exit(main())
