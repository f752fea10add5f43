"""``python -m cxdash``: the same Answers, without a browser."""

import os
import sys

if __name__ == "__main__":
    # Nobody but the owner may read what a command writes: the engine's own log of the database and
    # what is exported hold customers' rows as the database does.
    os.umask(0o077)
    try:
        # Imported here, so that Ctrl-C while the modules load ends with a sentence, too.
        from cxdash.faces.cli import main
    except KeyboardInterrupt:
        sys.exit("Stopped before anything was done.")
    sys.exit(main())
