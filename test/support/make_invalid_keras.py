#!/usr/bin/env python3
"""Make the Keras files of test/Import/Keras/Inputs that the importer must refuse.

Needs Keras 3 with TensorFlow. invalid_keras/ has one function per file; what it says goes
into the README.md there.
"""

import argparse
from pathlib import Path

from invalid_keras import FILES


def main():
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=root / "test/Import/Keras/Inputs")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Files that the Keras importer must refuse",
        "",
        "Made by `test/support/make_invalid_keras.py`.",
        "",
    ]
    lines += ["| file | what is wrong |", "|---|---|"]
    for name, function in FILES.items():
        (arguments.output / name).write_bytes(function())
        lines.append(f"| `{name}` | {' '.join(function.__doc__.split())} |")
    (arguments.output / "README.md").write_text("\n".join(lines) + "\n")
    print(f"{len(FILES)} files in {arguments.output}")


if __name__ == "__main__":
    main()
