"""`python -m deploy [processes]`: see deploy/laptop.py."""

import signal
import sys

from deploy.laptop import main

if __name__ == "__main__":
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(0)
    )  # ended by another program, it ends what it has started, too
    sys.exit(main())
