#!/usr/bin/env python3
"""Run the notebook of examples/python, and see that it holds the outputs of a run.

usage: check_notebook.py --build-dir BUILD [--write]

Every cell must run without an error. What the cells print must be what the notebook has, apart from the numbers, and
what they show must be of the same kinds. --write stores the outputs of this run. Ends with a line `N passed, M failed`.
"""

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert.preprocessors import CoalesceStreamsPreprocessor

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test/support"))

from checking import Failure, finish  # noqa: E402 (the path is set above)

NOTEBOOK = ROOT / "examples/python/digits.ipynb"
LARGEST = 64 << 10  # bytes, with the outputs
METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"}}
NUMBER = re.compile(r"[\d.]+(e[+-]?\d+)?")


def outputs(cell):
    """What a cell prints, without the numbers, and the kinds of what it shows."""
    found = cell.get("outputs", [])
    printed = "".join(output.text for output in found if output.output_type == "stream" and output.name == "stdout")
    shown = [kind for output in found if "data" in output for kind in output.data]
    return [re.sub(" +", " ", NUMBER.sub("#", printed)), sorted(shown)]


def execute(notebook, build, scratch):
    """Runs the cells in the notebook's folder; the outputs are in the notebook then."""
    os.environ.update(SEPCONV_HOME=str(build), PYTHONPATH=str(ROOT / "python"), SEPCONV_CACHE=f"{scratch}/cache",
                      IPYTHONDIR=f"{scratch}/ipython", MPLCONFIGDIR=f"{scratch}/matplotlib")
    client = NotebookClient(notebook, timeout=120, kernel_name="python3",
                            resources={"metadata": {"path": str(NOTEBOOK.parent)}})
    client.execute()


def check(build, scratch, write):
    stored = nbformat.read(NOTEBOOK, as_version=4)
    if NOTEBOOK.stat().st_size > LARGEST:
        raise Failure(f"{NOTEBOOK.name} has {NOTEBOOK.stat().st_size} bytes, at most {LARGEST} expected")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    execute(notebook, build, scratch)
    if write:
        notebook, _ = CoalesceStreamsPreprocessor().preprocess(notebook, {})  # one text, where a bar was redrawn
        for cell in notebook.cells:
            cell.metadata = {}
        notebook.metadata = METADATA
        nbformat.write(notebook, NOTEBOOK)
        return
    for number, (old, new) in enumerate(zip(stored.cells, notebook.cells)):
        if outputs(old) != outputs(new):
            raise Failure(f"cell {number}: the notebook has {outputs(old)}, a run gives {outputs(new)}; "
                          "store its outputs by --write")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("--write", action="store_true", help="store the outputs of this run in the notebook")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            check(options.build_dir.resolve(), scratch, options.write)
        except (Failure, CellExecutionError) as problem:
            print(f"FAILED: {problem}")
            return finish(0, 1)
    return finish(1, 0)


if __name__ == "__main__":
    sys.exit(main())
