"""Builds the Python package: one wheel with the tools, for every Python from 3.11 on."""

import os
import zipfile

from . import common
from .common import ROOT, run, say, tool


def run_hatchling(folder):
    """The wheel of what a build directory has."""
    output = folder / "wheel"
    for old in output.glob("*.whl"):
        old.unlink()
    command = [tool("python"), "-m", "hatchling", "build", "-t", "wheel", "-d", output]
    run(command, check="the wheel could not be built", env={**common.environment(), "SEPCONV_BUILD": str(folder)})
    wheel, = output.glob("*.whl")
    return wheel


def run_wheel(folder):
    """Builds it and says how large it is, and of what."""
    wheel = run_hatchling(folder)
    with zipfile.ZipFile(wheel) as archive:
        files = sorted(archive.infolist(), key=lambda info: -info.file_size)
    say(f"{wheel.relative_to(ROOT)}: {os.path.getsize(wheel) / 1e6:.1f} MB, installed "
        f"{sum(info.file_size for info in files) / 1e6:.1f} MB, of which")
    for info in files[:4]:
        say(f"  {info.file_size / 1e6:8.1f} MB  {info.filename}")
    return 0
