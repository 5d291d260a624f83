"""Puts what was built into the wheel: the tools, the schedules, and the libraries that Debian has no archives of."""

import os
import platform
import re
import subprocess
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# What every Linux of manylinux has, and what is in the halide package.
SYSTEM = re.compile(r"^(ld-linux|libHalide|lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+)\.so)")


class BuildHook(BuildHookInterface):
    """hatchling calls it."""

    def initialize(self, version, build_data):
        root = Path(self.root)
        build = Path(os.environ.get("SEPCONV_BUILD", root / "build")).resolve()
        tools = build / "wheel/bin/sepconv"
        threads = build / "lib/libsepconv_threads.so"
        for path in (tools, threads):
            if not path.exists():
                raise FileNotFoundError(f"{path} is not built: ./dev wheel builds it")
        files = {tools: "bin/sepconv", threads: "lib/libsepconv_threads.so"}
        files[root / "schedules"] = "share/sepconv/schedules"
        files |= {path: f"lib/{name}" for name, path in (*needed(tools).items(), *needed(threads).items())}
        build_data["force_include"] |= {str(path): f"sepconv/{name}" for path, name in files.items()}
        build_data["pure_python"] = False
        libc = platform.libc_ver()[1].replace(".", "_")
        build_data["tag"] = f"py3-none-manylinux_{libc}_{platform.machine()}"


def needed(path):
    """The shared libraries that a program needs, directly or not, and that not every machine has, by their names."""
    ldd = subprocess.run(["ldd", path], check=True, capture_output=True, text=True).stdout
    found = dict(re.findall(r"^\s*(\S+) => (/\S+)", ldd, re.MULTILINE))
    return {name: Path(place).resolve() for name, place in found.items() if not SYSTEM.match(name)}
