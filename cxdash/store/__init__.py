"""One DuckDB file: raw rows as they came, canonical tables, lineage, what people enter."""

from cxdash.store.database import APPLICATION, Database, Reader, Snapshot, default_path
from cxdash.store.scratch import scratch
from cxdash.store.tables import CANONICAL, LINEAGE, CanonicalTable

__all__ = [
    "APPLICATION",
    "CANONICAL",
    "LINEAGE",
    "CanonicalTable",
    "Database",
    "Reader",
    "Snapshot",
    "default_path",
    "scratch",
]
