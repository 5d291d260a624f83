#!/usr/bin/env python3
"""Compile the models of test/Execution/tflite and compare their outputs with those of LiteRT.

make_tflite.py makes the models of their descriptions, and check_keras_cases.py, whose options this program has too,
does the rest. make_tflite_cases.py writes the answers.
"""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from make_tflite import make

SUPPORT = Path(__file__).resolve().parent
CASES = SUPPORT.parent / "Execution/tflite"


def main():
    with tempfile.TemporaryDirectory(prefix="sepconv-tflite-") as scratch:
        for source in sorted(CASES.glob("*.json")):
            model = Path(scratch) / f"{source.stem}.tflite"
            make(json.loads(source.read_text(encoding="utf-8")), model)
            shutil.copy(source.with_suffix(".npz"), scratch)
        command = [sys.executable, SUPPORT / "check_keras_cases.py", f"--cases={scratch}", *sys.argv[1:]]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
