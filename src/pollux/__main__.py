"""`python -m pollux` is the command `pollux`."""

import sys

from pollux.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
