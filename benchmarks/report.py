"""The figures as tables: printed, and written between the markers of docs/performance.md."""

import platform
import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from .engines import ROOT
from .loading import SMALL
from .timing import milliseconds, percentile

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: {} -->", "<!-- end: {} -->"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
Results = Mapping[str, Any]


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; numbers stand to the right."""
    line = "| " + " | ".join(heads) + " |"
    rule = "|" + "|".join("---" if at == 0 else "---:" for at in range(len(heads))) + "|"
    return "\n".join([line, rule, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def verdict(value: float, bar: float, *, least: bool = False) -> str:
    return "yes" if (value >= bar if least else value <= bar) else "**no**"


def search(results: Results) -> str:
    """p50 and p95 over the queries of what each took at best, by engine; then by kind of query."""
    heads = ("", "p50 ms", "p95 ms", "slowest ms")
    parts = []
    for engine, lines in results.items():
        labels = {
            "database": "product, database",
            "by_hand": "best hand-written SQL",
            "rest": "product, everything else",
            "tantivy": "tantivy (hits and first 20 only)",
            "icontains": "Django `icontains` (count and first 20 only)",
        }
        rows = [(label, *_spread([line[name] for line in lines if name in line])) for name, label in labels.items()]
        product, by_hand, rest = (
            percentile([line[name] for line in lines], 0.95) for name in ("database", "by_hand", "rest")
        )
        agree = sum(line["agrees"] for line in lines)
        parts.append(
            f"### {NAMES[engine]}, {len(lines)} queries\n\n{table(heads, rows)}\n\n"
            f"p95 of the database: {product / by_hand:.2f} × hand-written (bar 1.5: {verdict(product / by_hand, 1.5)}), "
            f"aim 100 ms: {verdict(product, 0.1)}; the rest p95 {milliseconds(rest)} ms (bar 25: "
            f"{verdict(rest, 0.025)}). Both answers agree (hits, facets, first 20) in {agree} of {len(lines)} queries.\n\n"
            + _by_group(lines)
        )
    return "\n\n".join(parts)


def _spread(values: Sequence[float]) -> tuple[str, ...]:
    return tuple(milliseconds(percentile(values, share)) for share in (0.5, 0.95, 1))


def _by_group(lines: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for group in dict.fromkeys(line["group"] for line in lines):
        part = [line for line in lines if line["group"] == group]
        product, by_hand = ([line[name] for line in part] for name in ("database", "by_hand"))
        hits = sorted(line["hits"] for line in part)
        figures = (milliseconds(percentile(values, share)) for values in (product, by_hand) for share in (0.5, 1))
        rows.append((group, len(part), f"{hits[0]:,} – {hits[-1]:,}", *figures))
    heads = ("queries", "number", "hits", "product p50", "slowest", "by hand p50", "slowest")
    return table(heads, rows)


def api(results: Results) -> str:
    heads = ("list API", "rows", "API p50 ms", "bare view p50 ms", "ratio", "≤ 2", "API p95", "bare p95", "same JSON")
    rows = [
        (
            NAMES[engine], line["rows"], milliseconds(line["api_p50"]), milliseconds(line["bare_p50"]),
            f"{line['api_p50'] / line['bare_p50']:.2f}", verdict(line["api_p50"] / line["bare_p50"], 2),
            milliseconds(line["api_p95"]), milliseconds(line["bare_p95"]), line["agrees"],
        )
        for engine, lines in results.items()
        for line in lines
    ]  # fmt: skip
    return table(heads, rows)


def loading(results: Results) -> str:
    heads = ("import", "rows", "seconds", "rows/s", "≥ 3,000", "rows per CPU second", "peak MB", "≤ 400")
    rows = [
        (
            NAMES[engine], f"{one['rows']:,}", f"{one['wall']:.1f}", f"{one['rate']:,.0f}",
            verdict(one["rate"], 3000, least=True), f"{one['cpu_rate']:,.0f}", f"{one['peak']:.0f}",
            verdict(one["peak"], 400),
        )
        for engine, one in results.items()
    ]  # fmt: skip
    return table(heads, rows)


def export(results: Results) -> str:
    heads = (
        "export to XLSX", "rows × columns", "seconds", "library fed by a bare cursor", "ratio", "≤ 2",
        "writing alone", "memory MB", "≤ 60",
    )  # fmt: skip
    rows = []
    for engine, one in results.items():
        ours, theirs = one["export"], one["cursor"]
        ratio = ours["seconds"] / theirs["seconds"]
        shape = f"{one['rows']:,} × {ours['columns']}"
        rows.append(
            (
                NAMES[engine], shape, f"{ours['seconds']:.1f}", f"{theirs['seconds']:.1f}", f"{ratio:.2f}",
                verdict(ratio, 2), f"{one['library']['seconds']:.1f}", f"{ours['growth']:.0f}", verdict(ours["growth"], 60),
            )
        )  # fmt: skip
    return table(heads, rows)


def queries(results: Results) -> str:
    heads = ("queries of a list", "engine", *(f"{rows:,} rows" for rows in SMALL), "constant")
    rows = [
        (f"`{address}`", NAMES[engine], *counts, verdict(counts[-1], max(counts[:-1])))
        for engine, lines in results.items()
        for address, counts in lines.items()
    ]
    return table(heads, rows)


def trail(results: Results) -> str:
    """Sealing and proving, then what is asked of the trail."""
    heads = ("trail", "events", "sealed in s", "verified in s", "events/s", "≥ 30,000")
    rows = [
        (
            NAMES[engine], f"{one['events']:,}", f"{one['seal']:.1f}", f"{one['verify']:.1f}", f"{one['rate']:,.0f}",
            verdict(one["rate"], 30_000, least=True),
        )
        for engine, one in results.items()
    ]  # fmt: skip
    asked = (
        "asked of the trail",
        "engine",
        "product p50 ms",
        "p95 ms",
        "by hand p50 ms",
        "p95 ms",
        "ratio of p95",
        "≤ 1.5",
        "same rows",
    )
    lines = []
    for engine, one in results.items():
        for name, line in one["queries"].items():
            ratio = line["product"][1] / line["by_hand"][1]
            times = (milliseconds(seconds) for seconds in (*line["product"], *line["by_hand"]))
            agrees = f"{line['agrees']} of {line['cases']}"
            lines.append((name, NAMES[engine], *times, f"{ratio:.2f}", verdict(ratio, 1.5), agrees))
    return "\n\n".join([table(heads, rows), table(asked, lines), _page_of_trail(results), _cost_of_trail(results)])


def _page_of_trail(results: Results) -> str:
    heads = ("the auditor's first page, p95", "database ms", "everything else ms", "≤ 25")
    rows = [
        (NAMES[engine], *(milliseconds(one["page"][name]) for name in ("database", "rest")), verdict(one["page"]["rest"], 0.025))
        for engine, one in results.items()
    ]  # fmt: skip
    return table(heads, rows)


def _cost_of_trail(results: Results) -> str:
    heads = ("import, preview and apply", "rows", "events", "without events s", "with events s", "events add", "≤ 40 %")
    rows = []
    for engine, one in results.items():
        cost = one["cost"]
        share = cost["with"] / cost["without"] - 1
        times = (f"{cost[name]:.1f}" for name in ("without", "with"))
        counts = (f"{cost[name]:,}" for name in ("rows", "events"))
        rows.append((NAMES[engine], *counts, *times, f"{share:.0%}", verdict(share, 0.4)))
    return table(heads, rows)


def scope(results: Results) -> str:
    """A list's first page in its order, with the filter of scope and without."""
    heads = (
        "list, as a cataloguer of",
        "engine",
        "rows in reach",
        "of",
        "without ms",
        "with scope ms",
        "adds",
        "≤ 10 %",
    )
    rows = []
    for engine, lines in results.items():
        for line in lines:
            share = line["scoped"] / line["whole"] - 1
            times = (milliseconds(line[name]) for name in ("whole", "scoped"))
            counts = (f"{line[name]:,}" for name in ("rows", "all"))
            rows.append(
                (
                    f"{line['list']}, {line['place']}",
                    NAMES[engine],
                    *counts,
                    *times,
                    f"{share:.0%}",
                    verdict(share, 0.1),
                )
            )
    return table(heads, rows)


def terms(results: Results) -> str:
    """The list of ending terms: what the database takes for count and first page, by the product and by hand."""
    heads = (
        "ending terms",
        "committees",
        "terms",
        "product ms",
        "by hand ms",
        "ratio",
        "≤ 1.5",
        "page ms",
        "same rows",
    )
    lines = []
    for engine, one in results.items():
        ratio = one["database"] / one["by_hand"]
        figures = [milliseconds(one[name]) for name in ("database", "by_hand")]
        counts = (f"{one['committees']:,}", f"{one['terms']:,}")
        agrees = "yes" if one["agrees"] else "**no**"
        page = milliseconds(one["page"])
        lines.append((NAMES[engine], *counts, *figures, f"{ratio:.2f}", verdict(ratio, 1.5), page, agrees))
    return table(heads, lines)


def contributions(results: Results) -> str:
    """The import of contributions, then a province's figures and an organization's list beside the best SQL."""
    heads = ("import of contributions", "contributions", "preview s", "apply s", "contributions/s", "≥ 5,000")
    imports = [
        (
            NAMES[engine], f"{one['contributions']:,}", f"{one['preview']:.1f}", f"{one['apply']:.1f}",
            f"{one['rate']:,.0f}", verdict(one["rate"], 5000, least=True),
        )
        for engine, result in results.items()
        if (one := result["import"])
    ]  # fmt: skip
    asked = (
        "asked of the ledger",
        "engine",
        "contributions",
        "product ms",
        "by hand ms",
        "ratio",
        "≤ 1.5",
        "same answer",
    )
    lines = []
    for engine, result in results.items():
        for line in result["asked"]:
            ratio = line["product"] / line["by_hand"]
            times = (milliseconds(line[name]) for name in ("product", "by_hand"))
            size = f"{result['contributions']:,}"
            lines.append(
                (line["what"], NAMES[engine], size, *times, f"{ratio:.2f}", verdict(ratio, 1.5), line["agrees"])
            )
    return f"{table(heads, imports)}\n\n{table(asked, lines)}"


def organizations(results: Results) -> str:
    """Pages of the list, then what has no page to compare with."""
    heads = (
        "organizations", "engine", "product p50 ms", "p95 ms", "by hand p50 ms", "p95 ms", "ratio of p95", "≤ 1.5", "same rows",
    )  # fmt: skip
    lines = []
    for engine, one in results.items():
        for name, line in one["pages"].items():
            ratio = line["product"][1] / line["by_hand"][1]
            times = (milliseconds(seconds) for seconds in (*line["product"], *line["by_hand"]))
            agrees = f"{line['agrees']} of {line['cases']}"
            lines.append((name, NAMES[engine], *times, f"{ratio:.2f}", verdict(ratio, 1.5), agrees))
    rest = ("besides", "engine", "ms")
    more = [
        (label, NAMES[engine], milliseconds(one[name]))
        for engine, one in results.items()
        for name, label in (("duplicates", "first page of possible duplicates"), ("resolving", "10,000 printed names"))
    ]
    return f"{table(heads, lines)}\n\n{table(rest, more)}"


TABLES = {
    "import": loading,
    "search": search,
    "api": api,
    "export": export,
    "queries": queries,
    "scope": scope,
    "terms": terms,
    "organizations": organizations,
    "trail": trail,
    "contributions": contributions,
}
COUNTED = {"trail": "events", "terms": "committees", "organizations": "organizations"}  # what else than standards


def conditions(rows: int, what: str) -> str:
    """Where and when: absolute times mean nothing without."""
    return (
        f"{date.today().isoformat()}, {rows:,} {what}, Python {platform.python_version()} on {sys.platform} "
        f"{platform.machine()}, SQLite {sqlite3.sqlite_version}"
    )


def publish(name: str, rows: int, results: Results) -> None:
    """Print a table and put it between its markers in docs/performance.md."""
    what = COUNTED.get(name, "standards")
    text = f"{TABLES[name](results)}\n\nMeasured {conditions(rows, what)}."
    print(f"\n{text}\n", flush=True)
    page = PAGE.read_text(encoding="utf-8")
    begin, end = BEGIN.format(name), END.format(name)
    head, _mark, rest = page.partition(begin)
    _old, _mark, tail = rest.partition(end)
    PAGE.write_text(f"{head}{begin}\n\n{text}\n\n{end}{tail}", encoding="utf-8")
