"""Messages on stderr: lines, and on a terminal a progress line that is overwritten."""

import sys


def tell(message):
    clear()
    print(message, file=sys.stderr, flush=True)


def clear():
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def progress(message):
    if sys.stderr.isatty():
        print(f"\r\033[K{message}", end="", file=sys.stderr, flush=True)
