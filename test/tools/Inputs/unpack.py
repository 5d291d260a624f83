"""Writes the arrays of an .npz file as NAME.npy. usage: unpack.py FILE.npz DIRECTORY"""

import sys
from pathlib import Path

import numpy as np

for name, values in np.load(sys.argv[1]).items():
    np.save(Path(sys.argv[2]) / f"{name}.npy", values)
