"""Writes an .npz file in which the values of one array are doubled.

usage: double.py FROM.npz NAME TO.npz
"""

import sys

import numpy

arrays = dict(numpy.load(sys.argv[1]))
arrays[sys.argv[2]] *= 2
numpy.savez(sys.argv[3], **arrays)
