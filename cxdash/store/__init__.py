"""One DuckDB file: raw rows as they came, canonical tables, lineage, what people enter."""

from cxdash.store.database import Database
from cxdash.store.place import Place, default_path
from cxdash.store.reader import Reader, Snapshot
from cxdash.store.schema import APPLICATION
from cxdash.store.scratch import scratch
from cxdash.store.tables import CANONICAL, LINEAGE, CanonicalTable

__all__ = [
    "APPLICATION",
    "CANONICAL",
    "LINEAGE",
    "CanonicalTable",
    "Database",
    "Place",
    "Reader",
    "Snapshot",
    "default_path",
    "scratch",
]
