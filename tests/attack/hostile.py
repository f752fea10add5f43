"""A company whose every text tries to become markup, script or a formula."""

import csv
import io
from pathlib import Path

from cxdash.demo import write
from cxdash.demo.loading import load
from cxdash.store import Database

FILES = Path(__file__).parent / "files"

# Columns that hold what people or files say; each row gets one of the texts.
_TEXTS = (
    ("customers", ("segment", "plan", "region", "industry", "owner", "acquired_by", "name")),
    ("subscriptions", ("plan", "reason")),
    ("responses", ("survey", "channel", "touchpoint", "unit")),
    ("comments", ("item", "body")),
    ("contacts", ("channel", "reason")),
    ("events", ("what", "metric", "unit", "segment", "source")),
    ("metric_register", ("owner", "goal", "decision", "note")),
    ("imports", ("file_name",)),
)


def payloads(listener: str = "http://127.0.0.1:8999") -> list[str]:
    """The seventeen scripts, and texts that this app's own markdown might obey.

    ``listener`` is where they try to send what they see.
    """
    text = (FILES / "inj_xss_comments.csv").read_text(encoding="utf-8")
    scripts = [row["comment"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    bare = listener.removeprefix("http://")
    return [one.replace("127.0.0.1:8999", bare) for one in scripts]


def markup(listener: str = "http://127.0.0.1:8999") -> list[str]:
    """Directives, shortcodes, formulas, tables and paths of the engines we draw with."""
    return [
        f"![t]({listener}/m.png)",
        f"[link]({listener}/a) {listener}/b www.example.com a@example.com",
        ":red-badge[A] :smile: :material/bolt: :streamlit: :rainbow[x] :small[y]",
        r"$\frac{1}{2}$ $$x$$ \(a\) `code` ~~no~~ **b** __u__ -> <- >=",
        "# h1\n- item\n| a | b |\n|---|---|\n> quote\n***",
        "a.b c[0] d:Q e\\f 'g' \"h\" {i} %(j)s {{k}}",
        "datum.v = 1; format(datum.value, '$') + window.__xss = 40",
        "'; DROP TABLE customers; --",
    ]


def hostile(folder: Path, texts: list[str], *, customers: int = 160) -> Path:
    """The database of a small company with these texts wherever a text can stand."""
    write(folder / "files", customers=customers, months=24, seed=7)
    path = folder / "hostile.duckdb"
    with Database(path) as db:
        load(db, folder / "files")
        with db.writing() as cur:
            cur.execute("CREATE TEMP TABLE evil (no INTEGER, txt VARCHAR)")
            cur.executemany("INSERT INTO evil VALUES (?, ?)", list(enumerate(texts)))
            for table, columns in _TEXTS:
                for place, column in enumerate(columns):
                    _fill(cur, table, column, place, len(texts))
            # Items: the names that questions, pictures and addresses are made of.
            items = [
                row[0]
                for row in cur.execute("SELECT DISTINCT item FROM scores ORDER BY 1").fetchall()
            ]
            for place, item in enumerate(items):
                if item != "nps":
                    cur.execute(
                        "UPDATE scores SET item = ? WHERE item = ?",
                        [
                            texts[place % len(texts)][:80].replace("\\", "/").replace("\n", " "),
                            item,
                        ],
                    )
            cur.execute("DROP TABLE evil")
    return path


def _fill(cur, table: str, column: str, place: int, count: int) -> None:
    key = "import_id" if table == "imports" else "hash(row_key)"
    number = f"CAST(({key} + {place}) % {count} AS INTEGER)"
    cur.execute(
        f'UPDATE "{table}" SET "{column}" = (SELECT txt FROM evil WHERE no = {number}) '
        f'WHERE "{column}" IS NOT NULL'
    )
