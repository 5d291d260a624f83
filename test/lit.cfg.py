"""How lit runs the tests: what counts as one, what their RUN lines can say, what they can require.

Substitutions beyond lit's own:
  %schedules      the schedules of the source tree        %source   the root of the source tree
  %cc %cxx        the compilers sepconv was built with    %python   python3 with numpy
  %aarch64-cc     a cross compiler for aarch64            %aarch64-run   runs its programs
  %x86-64-run     runs programs as another x86-64 processor, given by -cpu
  %other-target   a target that this machine is not
  %cmake          the CMake of the build                  %build    the build tree
  %ptxas          CUDA's assembler
  %onnx           makes an ONNX model of the text of its protobuf message
  %emulate        makes the program %t.exe of %s, a module with functions of a GPU and @run(in, out)
"""
# `config` and `lit_config` are lit's.
import os
import platform
import re
import shutil
import subprocess

import lit.formats

config.name = "sepconv"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "support", "fuzz", "gpu"]
config.test_source_root = os.path.join(config.source_dir, "test")
config.test_exec_root = os.path.join(config.binary_dir, "test")
try:  # lit needs psutil to end a test that hangs
    import psutil  # noqa: F401

    lit_config.maxIndividualTestTime = 1200
except ImportError:
    pass

# The tools just built come before LLVM's, and both before anything installed.
config.environment["PATH"] = os.pathsep.join(
    [os.path.join(config.binary_dir, "bin"), config.llvm_tools_dir, os.environ.get("PATH", "")]
)
config.environment["CC"] = config.cc
config.environment["CXX"] = config.cxx
config.environment["FILECHECK_OPTS"] = "--enable-var-scope --dump-input-filter=all"
for name in ("ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]


def aarch64_root(compiler):
    """The directory that holds lib/ld-linux-aarch64.so.1 of the cross compiler's C library."""
    libc = subprocess.run(
        [compiler, "-print-file-name=libc.so.6"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return os.path.dirname(os.path.dirname(os.path.realpath(libc)))


def x86_64_level():
    """The highest x86-64-vN whose instructions this machine has; 0 on another architecture."""
    if platform.machine() != "x86_64":
        return 0
    with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
        found = re.search(r"^flags\s*:(.*)$", cpuinfo.read(), re.MULTILINE)
    flags = set(found.group(1).split()) if found else set()
    levels = [
        {"cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"},
        {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"},
        {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
    ]
    level = 1
    while level <= len(levels) and levels[level - 1] <= flags:
        level += 1
    return level


features = config.available_features
features.update(f"x86-64-v{level}" for level in range(1, x86_64_level() + 1))
features.add(platform.machine() + "-host")
if config.sanitize:
    features.add("sanitize")
if shutil.which("valgrind") and not config.sanitize:
    features.add("valgrind")

try:  # a container may have no pseudo-terminals
    for descriptor in os.openpty():
        os.close(descriptor)
    features.add("pty")
except OSError:
    pass

# Root may mount, but in many a container not.
unshare = ["unshare", "--mount", "--pid", "--fork", "true"]
if shutil.which("unshare") and not subprocess.run(unshare, capture_output=True, check=False).returncode:
    features.add("mounts")

cross = shutil.which("aarch64-linux-gnu-gcc")
emulator = shutil.which("qemu-aarch64")
if cross and emulator:
    features.add("qemu-aarch64")
    config.substitutions += [
        ("%aarch64-cc", cross),
        ("%aarch64-run", f"{emulator} -L {aarch64_root(cross)}"),
    ]

emulator = shutil.which("qemu-x86_64")
if emulator and platform.machine() == "x86_64":
    features.add("qemu-x86_64")
    config.substitutions.append(("%x86-64-run", emulator))

# CUDA's assembler is often not on the path.
ptxas = shutil.which(os.environ.get("PTXAS", "ptxas")) or shutil.which("/usr/local/cuda/bin/ptxas")
if ptxas:
    features.add("ptxas")
    config.environment["PTXAS"] = ptxas
    config.substitutions.append(("%ptxas", ptxas))

emulate = [
    "sepconv-opt %s --sepconv-emulate-gpu --sepconv-loops-to-llvm",
    "sed 's/ {sepconv.size = [^}]*}//'",  # a type of attribute that mlir-translate does not know
    "mlir-translate --mlir-to-llvmir",
    "llc -O2 -filetype=obj -relocation-model=pic -o %t.o",
]
link = [
    "%cc", *(["-fsanitize=address,undefined"] if config.sanitize else []), "-I%source/include",
    "%source/test/Execution/emulator/Inputs/run.c", "%t.o", "%build/lib/libsepconv_emulator.a",
    "-lboost_context", "-lstdc++", "-lm", "-o", "%t.exe",
]
config.substitutions += [
    ("%emulate", " | ".join(emulate) + " && " + " ".join(link)),
    ("%onnx", "protoc --encode=onnxproto.ModelProto -I%source/lib/Import/Onnx Model.proto"),
    ("%other-target", "x86-64-v2" if platform.machine() == "aarch64" else "aarch64"),
    ("%schedules", os.path.join(config.source_dir, "schedules")),
    ("%source", config.source_dir),
    ("%build", config.binary_dir),
    ("%python", config.python),
    ("%cmake", config.cmake),
    ("%cxx", config.cxx),
    ("%cc", config.cc),
]
