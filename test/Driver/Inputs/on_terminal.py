"""Runs a command on a pseudo-terminal and prints what it wrote there, as a Python string."""

import os
import pty
import sys

written = b""
pid, descriptor = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
try:
    while data := os.read(descriptor, 1024):
        written += data
except OSError:  # the terminal is gone with the command
    pass
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(repr(written.decode()))
sys.exit(code)
