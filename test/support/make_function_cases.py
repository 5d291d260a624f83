#!/usr/bin/env python3
"""Generate the golden files of the five functions (test/Execution/functions) with TensorFlow.

usage: make_function_cases.py DIRECTORY

The cases cover every two values of two factors of function_cases.py that can occur together, in
different combinations with others. Needs TensorFlow 2 and tf-keras. Running it again writes the same bytes (with
the same version of TensorFlow).
"""

import json
import random
import sys
import zipfile
from pathlib import Path

import numpy as np

from function_cases import cover_pairs, sample
from tensorflow_answers import answer

TIMES = 5


def main():
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    cases = cover_pairs(random.Random(4), TIMES)
    lines = ",\n".join(json.dumps(case._asdict()) for case in cases)
    (directory / "cases.json").write_text(f"[{lines}]\n", encoding="utf-8")
    with zipfile.ZipFile(directory / "outputs.npz", "w", zipfile.ZIP_DEFLATED) as file:
        for index, case in enumerate(cases):
            output = answer(case)
            for name, value in ("shape", np.array(output.shape)), ("sample", output.flat[sample(output.shape)]):
                with file.open(zipfile.ZipInfo(f"{name}{index}.npy", (2025, 1, 1, 0, 0, 0)), "w") as entry:
                    np.save(entry, value)
    print(f"{len(cases)} cases")


if __name__ == "__main__":
    main()
