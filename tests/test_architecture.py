"""The house as docs/architecture.md draws it: who may import what, how long things may be."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# From the roof down: each may import what stands after it.
APPS = ["standards_hub", "reports", "pilots", "catalog", "directory", "records", "tabular"]
EDGES = {"admin", "committee_admin", "api", "views", "urls", "management", "apps"}
PURE = [
    "catalog/citation_forms.py",
    "catalog/codes.py",
    "catalog/departments.py",
    "catalog/drafters.py",
    "catalog/drafting_roles.py",
    "catalog/leading.py",
    "catalog/lifecycle.py",
    "catalog/number_foreign.py",
    "catalog/number_heads.py",
    "catalog/number_parsing.py",
    "catalog/number_tail.py",
    "catalog/number_text.py",
    "catalog/numbers.py",
    "catalog/prefixes.py",
    "catalog/replacements.py",
    "catalog/standard_number.py",
    "catalog/citations.py",
    "catalog/citation_patterns.py",
    "catalog/tokens.py",
    "catalog/words.py",
    "directory/committee_numbers.py",
    "directory/organization_names.py",
    "records/word_tokens.py",
]
DRAINS = {"core", "common", "utils", "util", "helpers", "services", "service", "manager", "managers", "misc"}
# Imports inside a function, each with its reason.
INLINE = {
    "directory/apps.py:ready": "models and importers may be imported only once all apps are loaded",
    "catalog/apps.py:ready": "models and importers may be imported only once all apps are loaded",
    "tabular/worker.py:_limit_resources": "the module `resource` does not exist on Windows",
}
LONGEST_FILE, LONGEST_FUNCTION = 400, 40


def modules() -> list[Path]:
    files = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return [path for path in files if "migrations" not in path.parts]


MODULES = modules()


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> set[str]:
    """Every module a file imports, by its full name; relative ones are completed."""
    package = list(path.relative_to(ROOT).parts[:-1])
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            parts = [*base, *(node.module.split(".") if node.module else [])]
            found |= {".".join([*parts, alias.name]) for alias in node.names}
    return found


def test_there_is_something_to_look_at():
    assert len(MODULES) > 60
    assert [path for path in PURE if not (ROOT / path).is_file()] == []


def test_imports_go_one_way():
    wrong = {}
    for path in MODULES:
        own = APPS.index(path.relative_to(ROOT).parts[0])
        upward = {one for one in imports(path) if one.split(".")[0] in APPS[:own]}
        if upward:
            wrong[name(path)] = upward

    assert wrong == {}


def test_nothing_imports_the_edges():
    """Pages, API, back-office and commands call the rules; the rules do not know them."""
    wrong = {}
    for path in MODULES:
        parts = path.relative_to(ROOT).parts
        if parts[0] == "standards_hub" or any(part.removesuffix(".py") in EDGES for part in parts):
            continue
        found = {one for one in imports(path) if one.split(".")[0] in APPS and set(one.split(".")[1:2]) & EDGES}
        if found:
            wrong[name(path)] = found

    assert wrong == {}


def test_models_import_no_rule_that_stands_on_them():
    allowed = {"levels", "lifecycle", "models"}
    wrong = {}
    for path in (ROOT / "catalog" / "models").glob("*.py"):
        found = {one for one in imports(path) if one.startswith("catalog.") and one.split(".")[1] not in allowed}
        if found:
            wrong[name(path)] = found

    assert wrong == {}


@pytest.mark.parametrize("path", [*PURE, *(name(path) for path in (ROOT / "tabular").glob("*.py"))])
def test_pure_modules_know_no_framework(path):
    framework = {"django", "rest_framework", "django_filters", "knox"}

    assert {one for one in imports(ROOT / path) if one.split(".")[0] in framework} == set()


@pytest.mark.parametrize("path", PURE)
def test_pure_modules_of_the_catalogue_import_only_pure_ones(path):
    pure = {Path(one).stem for one in PURE}

    own = {one.split(".")[1] for one in imports(ROOT / path) if one.startswith("catalog.")}

    assert own - pure == set()


def test_tabular_imports_no_other_app():
    others = set(APPS) - {"tabular"}

    assert {
        name(p): f
        for p in (ROOT / "tabular").glob("*.py")
        if (f := {one for one in imports(p) if one.split(".")[0] in others})
    } == {}


def test_no_module_is_a_drain():
    assert [name(path) for path in MODULES if {path.stem, *path.relative_to(ROOT).parts[:-1]} & DRAINS] == []


def test_imports_stand_at_the_top():
    inline = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node)):
                inline.add(f"{name(path)}:{node.name}")

    assert inline == INLINE.keys()


def test_files_are_short():
    lengths = {name(path): len(path.read_text().splitlines()) for path in MODULES}

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short():
    long = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long[f"{name(path)}:{node.name}"] = length

    assert long == {}


def test_templates_are_short():
    files = [path for app in APPS for path in (ROOT / app).rglob("*.html")]
    lengths = {name(path): len(path.read_text().splitlines()) for path in files}

    assert {path: length for path, length in lengths.items() if length > 120} == {}


def test_views_and_api_see_standards_only_through_visible_to():
    """`Standard.objects` in an edge is followed by `visible_to`, `none`, or looks up a key for a write."""
    allowed = {
        "catalog/api.py": {"filter": 2, "get": 1},  # a conflict's other record; payload and re-reading of one found row
        "catalog/views/public.py": {"filter": 1},  # payload of a row found through visible_to
    }
    found: dict[str, dict[str, int]] = {}
    for path in [ROOT / "catalog/api.py", *(ROOT / "catalog/views").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Standard.objects":
                if node.attr in ("visible_to", "none"):
                    continue
                counts = found.setdefault(name(path), {})
                counts[node.attr] = counts.get(node.attr, 0) + 1

    assert found == allowed


def test_nothing_marks_text_as_safe_but_where_it_was_escaped():
    users = {name(path) for path in MODULES if "mark_safe" in path.read_text()}

    assert users == {"catalog/templatetags/catalog_tags.py"}
