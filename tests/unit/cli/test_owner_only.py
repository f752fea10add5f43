"""What a command writes may be read by its owner only, whatever the shell says."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_what_a_command_writes_is_its_owners_alone(tmp_path):
    (tmp_path / "a.csv").write_text("customer_id,segment\nC1,SMB\nC2,SMB\n", encoding="utf-8")
    command = "import a.csv --write-map a.toml --kind customers --db x.duckdb"
    subprocess.run(
        [sys.executable, "-m", "cxdash", *command.split()],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        umask=0,
    )
    written = [file for file in tmp_path.iterdir() if file.name != "a.csv"]
    assert [file.name for file in written if file.name == "a.toml"]
    assert [file.name for file in written if file.stat().st_mode & 0o077] == []
