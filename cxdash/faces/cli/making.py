"""The command that makes the demo company: a firm that does not exist, whose truth is known."""

import sys
from argparse import Namespace

from cxdash import demo
from cxdash.demo.loading import load
from cxdash.faces.cli.opening import open_database
from cxdash.faces.cli.text import lines_of_receipt

__all__ = ["make_demo"]


def make_demo(options: Namespace) -> int:
    """Write the exports, and with ``--load`` take them through the same door as anyone's files."""
    folder = demo.write(
        options.out, customers=options.customers, months=options.months, seed=options.seed
    )
    print(f"The demo company is written to {folder}.", file=sys.stderr)
    if options.load:
        with open_database(options) as db:
            receipts = load(db, folder)
        print("\n".join(line for receipt in receipts for line in lines_of_receipt(receipt)))
    return 0
