#!/usr/bin/env python3
"""Compile the digits network for NVIDIA GPUs, and run it on the first one.

Needs a GPU, its driver, and CUDA's header cuda.h (nvcc's package has it). Standard library only.
"""

import argparse
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "common"))
import steps  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, default=steps.ROOT / "build")
    parser.add_argument("--cuda", type=Path, default=Path(os.environ.get("CUDA_HOME", "/usr/local/cuda")),
                        help="the folder with include/cuda.h (default: $CUDA_HOME, or %(default)s)")
    parser.add_argument("--cuda-library", default="-lcuda", help="how the driver's library is linked (default: -lcuda)")
    arguments = parser.parse_args()
    build = arguments.build_dir.resolve()
    output, digits = build / "cuda-example", HERE.parent / "digits"
    if not (arguments.cuda / "include/cuda.h").is_file():
        sys.exit(f"{arguments.cuda}/include/cuda.h: not found; give its folder by --cuda")
    steps.run(steps.compiler(build), digits / "digits.keras", "-o", output, "--batch=dynamic",
              "--target=host+nvptx-sm_80+nvptx-sm_90a+nvptx-sm_100a")
    # The warnings of CUDA's header are not ours.
    steps.build_program([HERE / "main.c"], output, "digits", output / "digits", "-isystem",
                        f"{arguments.cuda}/include", arguments.cuda_library, "-ldl")
    steps.run(output / "digits", digits)


if __name__ == "__main__":
    main()
