"""Turns kernels in the LLVM and NVVM dialects into functions that the host can call, named with a prefix. Functions
tid_x ... ctaid_z tell them the thread and the block.

usage: kernels_on_host.py MODULE.mlir PREFIX
"""

import re
import sys

path, prefix = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    lines = file.read().splitlines()
start = next(n for n, line in enumerate(lines) if line.startswith("  gpu.module"))
print("module {")
for name in ("tid", "ctaid"):
    for axis in "xyz":
        print(f"llvm.func @{name}_{axis}() -> i32")
for line in lines[start + 1:lines.index("  }", start) + 1]:
    line = re.sub(r"nvvm\.read\.ptx\.sreg\.(\w+)\.([xyz])( range <[^>]*>)? :", r"llvm.call @\1_\2() : () ->", line)
    line = re.sub(r"llvm\.func @(\w+)(\(.*\)) attributes .*{$", rf"llvm.func @{prefix}\1\2 {{", line)
    print(line)
