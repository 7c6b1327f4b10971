"""`python -m benchmarks [NAME …] [--rows N] [--engine sqlite|postgresql|both]`; the names are those of `report.TABLES`."""

import argparse
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from . import report
from .engines import Engine, engines
from .loading import SMALL, load, settle

MEASURED = 100_000  # rows of the measured import
ROWS = {
    "trail": 1_000_000,
    "organizations": 100_000,
    "terms": 3_000,
}  # what is measured otherwise than with this many standards
STANDARDS = 300_000
CONTRIBUTIONS = 5  # a standard, and a third as many organizations as standards
TURNS = {"search": 5, "api": 100}
Results = dict[str, dict[str, Any]]


def main() -> None:
    options = _options()
    names = options.names or list(report.TABLES)
    results: Results = {name: {} for name in names}
    with engines(options.engine, options.keep) as found:
        for engine in found:
            _measure(engine, names, options.rows, results)
            for name in names:  # what is measured stands, should the next engine fail
                report.publish(name, options.rows or ROWS.get(name, STANDARDS), results[name])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What docs/performance.md claims.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(report.TABLES)}")
    parser.add_argument(
        "--rows", type=int, help="standards in the database (default 300,000); events of the trail (1,000,000)"
    )
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the databases there, and use them again")
    options = parser.parse_args()
    if unknown := set(options.names) - set(report.TABLES):
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    return options


def _measure(engine: Engine, names: list[str], rows: int | None, results: Results) -> None:
    """One engine: constant queries while it is small, the import, then what needs the whole catalogue; what has rows of its own last."""
    if set(names) - ROWS.keys():
        if not engine.is_filled:
            _fill(engine, names, rows or STANDARDS, results)
        _measure_whole(engine, names, rows or STANDARDS, results)
    for name, usual in ROWS.items():
        if name in names:
            _say(engine, name)
            results[name][engine.name] = engine.measure(name, rows or usual)
    if "trail" in names:
        _say(engine, "the trail's cost to an import")
        results["trail"][engine.name]["cost"] = engine.measure("eventless", min(MEASURED, rows or MEASURED))


def _fill(engine: Engine, names: list[str], rows: int, results: Results) -> None:
    _say(engine, "filling")
    counts = []
    for start, stop in pairwise((0, *SMALL)):
        load(engine, start, stop)
        if "queries" in names:
            counts.append(engine.measure("constant"))
    if counts:
        results["queries"][engine.name] = {one: [step[one] for step in counts] for one in counts[0]}
    first = SMALL[-1]
    measured = min(MEASURED, rows - first)
    imported = load(engine, first, first + measured)
    if "import" in names:
        results["import"][engine.name] = imported
    if not {"search", "api", "export", "scope", "contributions"} & set(names):
        return
    if rows > first + measured:
        load(engine, first + measured, rows)
    settle(engine)
    engine.filled()


def _measure_whole(engine: Engine, names: list[str], rows: int, results: Results) -> None:
    for name, module in (("search", "searching"), ("api", "listing")):
        if name in names:
            _say(engine, name)
            results[name][engine.name] = engine.measure(module, TURNS[name])
    if "scope" in names:
        _say(engine, "scope")
        results["scope"][engine.name] = engine.measure("scope", rows)
    if "contributions" in names:
        _say(engine, "contributions")
        results["contributions"][engine.name] = engine.measure("contributing", rows * CONTRIBUTIONS, rows // 3)
    if "export" in names:
        _say(engine, "export")
        both = {way: engine.measure("exporting", way, rows) for way in ("library", "cursor", "export")}
        results["export"][engine.name] = {"rows": rows, **both}


def _say(engine: Engine, what: str) -> None:
    print(f"{report.NAMES[engine.name]}: {what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
