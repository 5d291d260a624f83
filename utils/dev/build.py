"""Configures and builds, in build/ or, with the sanitizers, in build-asan/."""

import json
import os

from . import common
from .common import ASAN_BUILD, BUILD, DevError, ROOT, STATE, compilers, run, say, tool
from .install import BUILD_PACKAGES, SANITIZER_PACKAGES, install

MEMORY_PER_JOB = 2 << 30  # a file that includes all of MLIR


def build(sanitize=False, jobs=None, targets=(), packages=()):
    """Installs what is missing and builds; returns the build directory."""
    folder = ASAN_BUILD if sanitize else BUILD
    with common.lock():
        install([*BUILD_PACKAGES, *(SANITIZER_PACKAGES if sanitize else []), *packages])
        configure(folder, sanitize)
        say(f"building in {folder.relative_to(ROOT)}")
        run([tool("ninja"), "-C", folder, f"-j{jobs or default_jobs()}", *targets],
            check="the build failed")
    return folder


def configure(folder, sanitize):
    cc, cxx = compilers()
    build_type = "RelWithDebInfo" if sanitize else "Release"
    options = {
        "CMAKE_BUILD_TYPE": build_type,
        "CMAKE_C_COMPILER": cc,
        "CMAKE_CXX_COMPILER": cxx,
        "CMAKE_LINKER_TYPE": "LLD",
        "CMAKE_MAKE_PROGRAM": tool("ninja"),
        "SEPCONV_SANITIZE": "ON" if sanitize else "OFF",
        "SEPCONV_PYTHON": tool("python"),
        "SEPCONV_LIT": tool("lit"),
    }
    content = json.dumps(options, indent=1)
    done = STATE / f"configure-{folder.name}"
    if common.stamped(done, content) and (folder / "build.ninja").exists():
        return  # ninja configures again when a CMake file has changed
    say(f"configuring {folder.relative_to(ROOT)} ({build_type}, {os.path.basename(cxx)})")
    arguments = [f"-D{name}={value}" for name, value in options.items()]
    # Afresh: after a change of the compiler CMake would configure again by itself, without the options.
    code = run([tool("cmake"), "--fresh", "-G", "Ninja", "-S", ROOT, "-B", folder, *arguments])
    if code:
        raise DevError("cmake could not configure the build, see above; if the build tree is old, "
                       f"remove {folder.relative_to(ROOT)}/CMakeCache.txt")
    common.stamp(done, content)


def default_jobs():
    """As many as there are cores, and as memory allows."""
    available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        with open("/proc/meminfo", encoding="ascii") as meminfo:
            facts = dict(line.split(":", 1) for line in meminfo)
        available = int(facts["MemAvailable"].split()[0]) << 10
    except (OSError, KeyError, ValueError):
        pass
    return max(1, min(len(os.sched_getaffinity(0)), available // MEMORY_PER_JOB))
