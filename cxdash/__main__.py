"""``python -m cxdash``: the same Answers, without a browser."""

import sys

from cxdash.faces.cli import main

if __name__ == "__main__":
    sys.exit(main())
