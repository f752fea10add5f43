"""Ctrl-C while the modules of the command line load."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
# Raises what Ctrl-C raises at the moment the command line begins to load.
PRESSED = """
import sys
class Pressed:
    def find_spec(self, name, *_):
        if name == "cxdash.faces.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Pressed())
"""


def test_ctrl_c_while_the_modules_load_ends_with_a_sentence(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(PRESSED, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "cxdash", "questions"],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1
    assert ended.stderr == "Stopped before anything was done.\n"
