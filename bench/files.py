"""The model files of the cases: runs models.py for the cases that have none."""

import contextlib
import json
import subprocess
from pathlib import Path

import cases
from console import clear, progress, tell
from peers import MAKER, PeerError

HERE = Path(__file__).parent


def make_models(chosen, folder, peers):
    """Lets Keras make the files of the cases that have none yet."""
    missing = [case for case in chosen if not has_models(case, folder)]
    if not missing:
        return
    if not peers.installed(MAKER):
        raise PeerError("Keras makes the model files, and is not installed: run './dev bench --peers'")
    folder.mkdir(parents=True, exist_ok=True)
    log = folder.parent / "logs" / "models.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    tell(f"making the model files of {len(missing)} case(s) with Keras")
    with log.open("w") as out:
        maker = subprocess.Popen(
            [peers.python(MAKER), HERE / "models.py", folder],
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=out,
        )
        with contextlib.suppress(BrokenPipeError):  # its exit code says more
            with maker.stdin as stdin:
                stdin.write(json.dumps([cases.to_json(case) for case in missing]))
        for number, line in enumerate(maker.stdout, 1):
            progress(f"[{number}/{len(missing)}] made {line.strip()}")
        if maker.wait():
            raise PeerError(f"making the model files failed (exit code {maker.returncode}); its output is in {log}")
    clear()


def has_models(case, folder):
    """True if the files are there and are those of this case, as it is written now."""
    try:
        about = json.loads((folder / cases.file_name(case.case) / "case.json").read_text())
    except (OSError, ValueError):
        return False
    return about.get("case") == cases.to_json(case) and about.get("version") == cases.FILES_VERSION
