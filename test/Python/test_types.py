"""The package has types throughout, and they are right."""

import subprocess
import sys
import unittest

from support import ROOT


class Types(unittest.TestCase):
    def test_mypy(self):
        command = [sys.executable, "-m", "mypy", "--cache-dir", ROOT / "build/mypy"]  # pyproject.toml has the rest
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
