"""Commands and options about what people entered: out as tables, and in again."""

from pathlib import Path
from typing import Any

from cxdash.faces.cli.options import add_db, add_json
from cxdash.register import KINDS

__all__ = ["add_register_commands"]


def add_register_commands(commands: Any) -> None:
    """Add them to the parser of ``python -m cxdash``."""
    register = commands.add_parser(
        "register",
        help="what people entered, as tables: export it, import it",
        description="Goals, plans, cases, claims and all else that people entered.",
    )
    deeds = register.add_subparsers(dest="deed", metavar="export|import", required=True)
    export = deeds.add_parser(
        "export",
        help="write what people entered as CSV",
        description="Write one CSV a kind, with id, version and who changed it when. With --kind "
        "and without --out one table goes to standard output.",
    )
    export.set_defaults(command="register export")
    export.add_argument(
        "--kind", choices=tuple(KINDS), metavar="K", help=f"one kind: {', '.join(KINDS)}"
    )
    export.add_argument("--out", type=Path, metavar="FOLDER", help="the folder to write to")
    export.add_argument(
        "--history",
        action="store_true",
        help="every version, what was removed too; for reading, not to be imported",
    )
    add_db(export)
    add_json(export)
    bring = deeds.add_parser(
        "import",
        help="bring tables of entries in, all of it or nothing",
        description="Bring in tables as `register export` writes them. A row without an id is a "
        "new entry. A row whose entry has changed since is refused, and then nothing is saved. "
        "What is the same already stays as it is.",
    )
    bring.set_defaults(command="register import")
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV, one kind a file")
    add_db(bring)
    add_json(bring)
