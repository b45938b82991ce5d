"""The command `breakeven`, as the package installs it."""

from __future__ import annotations

import signal
import sys

from . import _breakeven


def main() -> int:
    """Runs the program on the arguments of the process, and returns its exit status."""
    # The program has its own answer to Ctrl-C, and to a reader that goes away.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _breakeven.main([sys.executable, "-m", "breakeven"], ["breakeven", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
