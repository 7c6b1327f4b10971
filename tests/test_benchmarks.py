"""The measurements are run by hand; that they still fit the product is seen here."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
ALL = """
from importlib import import_module
from benchmarks.engines import start_django
start_django()
for name in {names}: import_module("benchmarks." + name)
"""


def test_every_measurement_finds_what_it_measures():
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if not path.stem.startswith("__"))

    done = subprocess.run(
        [sys.executable, "-c", ALL.format(names=names)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert len(names) > 15
