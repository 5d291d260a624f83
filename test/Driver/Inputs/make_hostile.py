"""Files that lie about their sizes or nest without end, for hostile.test. usage: make_hostile.py DIGITS.keras FOLDER"""
import struct
import sys
import zipfile
from pathlib import Path

digits, folder = map(Path, sys.argv[1:])


def write(name, text):
    (folder / name).write_text(text, encoding="utf-8")


def archive(name, config=None, weights=None, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(digits) as source, zipfile.ZipFile(folder / name, "w", compression) as copy:
        changed = {"config.json": config, "model.weights.h5": weights}
        for entry in source.namelist():
            content = changed.get(entry)
            copy.writestr(entry, source.read(entry) if content is None else content)


def claim(name, entry, packed, unpacked):
    """An archive whose directory says other sizes of an entry."""
    archive(name)
    data = bytearray((folder / name).read_bytes())
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(entry.encode()))
    data[at + 20:at + 28] = struct.pack("<II", packed, unpacked)
    (folder / name).write_bytes(data)


claim("packed.keras", "config.json", 2**32 - 2, 2**32 - 2)
claim("config.keras", "config.json", 1000, 2**31)
claim("weights.keras", "model.weights.h5", 1000, 2**31)
archive("bomb.keras", weights=b"\0" * (100 << 20), compression=zipfile.ZIP_DEFLATED)
archive("text.keras", config=b"[" * 70 + b" " * (65 << 20), compression=zipfile.ZIP_DEFLATED)
write("modules.mlir", "module {\n" * 20000)
write("attributes.mlir", "module attributes {a = " + "[" * 100000 + "]" * 100000 + "} {}\n")
# Nested without a bracket.
write("minus.mlir", "module attributes {test.a = affine_map<(d0) -> (" + "-" * 3000000 + "d0)>} {}\n")
FUNCTION = """func.func @f(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {{
  %c = arith.constant {} : tensor<1x8xf32>
  %e = tensor.empty() : tensor<1x8xf32>
  %r = linalg.add ins(%x, %c : tensor<1x8xf32>, tensor<1x8xf32>) outs(%e : tensor<1x8xf32>) -> tensor<1x8xf32>
  return %r : tensor<1x8xf32>
}}
{{-# dialect_resources: {{ builtin: {{ blob: "0x{}" }} }} #-}}
"""
write("alignment.mlir", FUNCTION.format("dense_resource<blob>", "00" * 36))
write("page.mlir", FUNCTION.format("dense_resource<blob>", "00000080" + "00" * 32))
write("splat.mlir", """func.func @f(%x: tensor<1x20000xf32>) -> tensor<1x20000xf32> {
  %c = arith.constant dense<1.0> : tensor<20000x20000xf32>
  %r = sepconv.dense(%x, %c) : (tensor<1x20000xf32>, tensor<20000x20000xf32>) -> tensor<1x20000xf32>
  return %r : tensor<1x20000xf32>
}
""")
