"""Runs the two commands of the README as on a new machine: in a bare root of this Debian, which is made for them.

The root is what debootstrap makes, with git and python3, and is removed afterwards. It knows the package sources, the
certificates and pip's settings of this machine, and has a clean clone of HEAD. All that runs in it has its own mounts
and process numbers, so that the kernel unmounts everything and ends every process when the first one ends.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import common
from .common import BUILD, DevError, ROOT, run, say
from .install import install_packages

COMMANDS = (["./dev", "demo"], ["./dev", "test"])
PLACE = BUILD / "fresh"
SHARED = ROOT.parent / "shared"  # data beside the project, which some tests look for
HOME = "root"  # below the bare root; the clone and, beside it, shared/ are in it
CLONE = f"{HOME}/sepconv"
# Ends with its parent, whatever ends that; its first process ends with it, and with that one all others.
ISOLATED = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
ENTER = f"""
mount --bind "$0" "$0" # a root that is no mount point cannot be unshared once more
mount --rbind /dev "$0/dev"
mount -t proc proc "$0/proc"
[ ! -d "$1" ] || mount --bind -o ro "$1" "$0/{HOME}/shared"
root="$0"
shift
exec chroot "$root" "$@"
"""
# Proxies, certificates and pip's settings.
KEPT = re.compile(r"PIP_|proxy$|CERT|CA_BUNDLE|CAINFO|^CI$|^TERM$", re.IGNORECASE)
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CERTIFICATES = Path("/etc/ssl/certs")


def run_fresh(arguments):
    """The exit code of the commands in a bare root, or here where there can be none."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    commands = [*COMMANDS[:-1], [*COMMANDS[-1], *arguments]]
    try:
        sources = package_sources()
        with bare_root(sources):
            return run_all(commands, run_inside)
    except NoRoot as reason:
        say(f"running here instead of in a bare root: {reason}")
        return run_all(commands, lambda command: run(command))


def run_all(commands, runner):
    for command in commands:
        start = time.monotonic()
        say(f"running {common.quote(command)}")
        code = runner(command)
        if command is commands[-1]:
            break
        say(f"{common.quote(command)} took {time.monotonic() - start:.0f} s")
        if code:
            print("0 passed, 1 failed", flush=True)
            break
    return code


class NoRoot(Exception):
    """Why there can be no bare root."""


def package_sources():
    """[(address, suite, component)] of this Debian's packages, its main suite first."""
    if os.geteuid():
        raise NoRoot("this needs root")
    codename = common.capture(["sh", "-c", ". /etc/os-release && echo $VERSION_CODENAME"])[1].strip()
    if not shutil.which("apt-get") or not codename:
        raise NoRoot("this is not Debian")
    known = common.capture(["apt-get", "indextargets", "--no-release-info", "--format",
                            "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Identifier: Packages"])[1]
    suites = [codename, f"{codename}-updates", f"{codename}-security"]
    found = {tuple(line.split()) for line in known.splitlines() if line.count(" ") == 2}
    sources = sorted((source for source in found if source[1] in suites), key=lambda source: suites.index(source[1]))
    if not sources or sources[0][1] != codename:
        raise NoRoot(f"apt knows no source of {codename}")
    return sources


@contextlib.contextmanager
def bare_root(sources):
    """PLACE is a bare root with a clone for as long."""
    if common.capture([*ISOLATED, "true"])[0]:
        raise NoRoot("this container may not mount")
    with common.lock("fresh"):
        remove()  # what one that was killed has left
        try:
            debootstrap(*sources[0][:2])
            furnish(sources)
            clone()
            yield
        finally:
            remove()


def debootstrap(address, suite):
    try:
        install_packages(["debootstrap"])
    except DevError as error:
        raise NoRoot("debootstrap cannot be installed") from error
    start = time.monotonic()
    say(f"making a bare {suite}")
    code, output = common.capture([*ISOLATED, "debootstrap", "--variant=minbase", "--include=git,python3", suite, PLACE,
                                   address])
    if code:
        raise NoRoot(f"debootstrap failed: {output.strip().splitlines()[-1]}")
    say(f"that took {time.monotonic() - start:.0f} s")


def remove():
    """What has been killed may write for a moment longer."""
    for _ in range(100):
        shutil.rmtree(PLACE, ignore_errors=True)
        if not PLACE.exists():
            return
        time.sleep(0.1)
    raise DevError(f"cannot remove {PLACE}")


def furnish(sources):
    """Gives the root what it has to know of this machine."""
    put("etc/apt/sources.list", "".join(f"deb {' '.join(source)}\n" for source in sources))
    settings = common.capture(["apt-config", "dump"])[1].splitlines()
    settings = [line for line in settings if line.startswith("Acquire::")]
    bundle = CERTIFICATES / "ca-certificates.crt"
    if bundle.exists():  # the package ca-certificates adds it to its own
        copy(bundle, "usr/local/share/ca-certificates/host.crt")
        settings.append('Acquire::https::CaInfo "/usr/local/share/ca-certificates/host.crt";')
    put("etc/apt/apt.conf.d/90host", "\n".join(settings) + "\n")
    for path in ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf"):
        copy(Path(path), path[1:])
    for path in (".config/pip/pip.conf", ".pip/pip.conf"):
        copy(Path.home() / path, f"{HOME}/{path}")
    for value in kept_environment().values():
        if os.path.isabs(value) and CERTIFICATES not in [Path(value), *Path(value).parents]:
            copy(Path(value), value[1:])
    (PLACE / HOME / "shared").mkdir(parents=True)


def put(name, text):
    path = PLACE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def copy(path, name):
    """Copies what there is to a place in the root."""
    if path.is_dir():
        shutil.copytree(path, PLACE / name, dirs_exist_ok=True)
    elif path.is_file():
        (PLACE / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, PLACE / name)


def clone():
    """HEAD and its history, wherever this tree has come from and whoever owns it."""
    if common.capture(["git", "-c", f"safe.directory={ROOT}", "status", "--porcelain"])[1]:
        say("uncommitted changes are left out")
    put("tmp/gitconfig", "[safe]\n\tdirectory = *\n")
    run(["git", "clone", "--quiet", ROOT.as_uri(), PLACE / CLONE], check="git could not clone this tree",
        env={**common.environment(), "GIT_CONFIG_GLOBAL": str(PLACE / "tmp/gitconfig")})


def kept_environment():
    return {name: value for name, value in os.environ.items() if KEPT.search(name)}


def run_inside(command):
    """The exit code of a command in the clone."""
    settings = {"HOME": f"/{HOME}", "PATH": PATH, **kept_environment()}
    environment = ["env", "-i", f"--chdir=/{CLONE}", *(f"{name}={value}" for name, value in settings.items())]
    return run([*ISOLATED, "sh", "-ec", ENTER, PLACE, SHARED, *environment, *command],
               stdin=subprocess.DEVNULL)
