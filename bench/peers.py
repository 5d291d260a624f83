"""The participants, and the environments that the peers are installed into."""

import json
import subprocess
import sys
from pathlib import Path

ENVIRONMENTS = json.loads((Path(__file__).parent / "peers.json").read_text())
del ENVIRONMENTS["about"]

# The environment in which Keras makes the model files.
MAKER = "tensorflow"
OURS = "sepconv"

# participant -> environment (None: this Python)
PARTICIPANTS = {
    "layers": {
        OURS: None,
        "litert": "litert",
        "openvino": "openvino",
        "onnxruntime": "onnxruntime",
        "torch": "torch",
        "torch-compile": "torch",
    },
    "blocks": {OURS: None, "litert": "litert", "openvino": "openvino", "onnxruntime": "onnxruntime"},
    # openvino reads the .onnx, openvino-tflite the .tflite: which is faster depends on the network.
    # PyTorch has no importer for any of these files.
    "networks": {
        OURS: None,
        "litert": "litert",
        "openvino": "openvino",
        "openvino-tflite": "openvino",
        "onnxruntime": "onnxruntime",
    },
}


class PeerError(Exception):
    """Something about the peers that the user can mend; the message says how."""


class Peers:
    """The environments below one folder."""

    def __init__(self, folder):
        self.folder = Path(folder).absolute()

    def python(self, environment):
        return self.folder / environment / "bin" / "python" if environment else Path(sys.executable)

    def stamp(self, environment):
        """Written last, so that an installation that was cut short counts as none."""
        return self.folder / environment / "installed.json"

    def installed(self, environment):
        """True also if other versions than those of peers.json are installed: 'install' mends that."""
        return environment is None or self.stamp(environment).exists()

    def current(self, environment):
        wanted = ENVIRONMENTS[environment]["requirements"]
        return self.installed(environment) and json.loads(self.stamp(environment).read_text()) == wanted

    def environments(self, names):
        """Those that these participants need, with the one that makes the model files; all if none is named."""
        known = {name: env for participants in PARTICIPANTS.values() for name, env in participants.items()}
        for name in names:
            if name not in known:
                raise PeerError(f"--only: no peer '{name}'; expected one of {', '.join(known)}")
        wanted = {known[name] for name in names} | {MAKER} if names else set(ENVIRONMENTS)
        return [name for name in ENVIRONMENTS if name in wanted]

    def install(self, environments, tell):
        """Installs those that are missing or have other requirements now; what pip says goes to a log."""
        missing = [name for name in environments if not self.current(name)]
        for number, name in enumerate(missing, 1):
            about = ENVIRONMENTS[name]
            tell(f"[{number}/{len(missing)}] installing {name} ({about['for']}; about {about['size']})")
            self.stamp(name).unlink(missing_ok=True)
            self.folder.mkdir(parents=True, exist_ok=True)
            log = self.folder / f"{name}.log"
            with log.open("w") as out:
                for command in (
                    [sys.executable, "-m", "venv", "--clear", str(self.folder / name)],
                    [str(self.python(name)), "-m", "pip", "install", *about["requirements"]],
                ):
                    if subprocess.run(command, stdout=out, stderr=subprocess.STDOUT).returncode:
                        raise PeerError(f"installing {name} failed: '{' '.join(command)}'; its output is in {log}")
            self.stamp(name).write_text(json.dumps(about["requirements"]))
        return missing

    def choose(self, what, names):
        """The participants to measure, and those that were left out since they are not installed."""
        known = PARTICIPANTS[what]
        for name in names:
            if name not in known:
                raise PeerError(f"--only: '{name}' does not run '{what}'; expected one of {', '.join(known)}")
        wanted = {name: env for name, env in known.items() if not names or name in names}
        missing = [name for name, env in wanted.items() if not self.installed(env)]
        if names and missing:
            raise PeerError(f"not installed: {', '.join(missing)}; run './dev bench --peers'")
        return {name: env for name, env in wanted.items() if name not in missing}, missing

    def version(self, environment):
        package = ENVIRONMENTS[environment]["version"]
        code = f"import importlib.metadata as m; print(m.version({package!r}))"
        done = subprocess.run([self.python(environment), "-c", code], capture_output=True, text=True)
        return done.stdout.strip() or "unknown"
