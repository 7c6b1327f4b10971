"""Where a measurement runs: a temporary folder, throwaway databases, child processes with an environment of their own.

Nothing here touches the developer's `var/`: children get `STANDARDS_HUB_VAR` and `DATABASE_URL`.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.postgres import cluster, find_binaries

ROOT = Path(__file__).resolve().parent.parent
MB = 1024 * 1024
# The embedded server and a measurement share one machine; nothing else is changed from the product's own settings.
ENVIRONMENT = {
    "SECRET_KEY": "only for measurements",
    "LOG_LEVEL": "ERROR",
    "THROTTLE_ANON": "1000000/min",
    "THROTTLE_EXPORT": "1000000/min",
}


@dataclass
class Engine:
    """One kind of database: `sqlite` or `postgresql`, and the folder or server that holds it."""

    name: str
    folder: Path
    server: str = ""
    loaded: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server or f"sqlite:///{self.folder / 'benchmark.sqlite3'}"

    @property
    def environment(self) -> dict[str, str]:
        folder = self.folder / f"var-{self.name}"
        folder.mkdir(exist_ok=True)
        return os.environ | ENVIRONMENT | {"STANDARDS_HUB_VAR": str(folder), "DATABASE_URL": self.url}

    @property
    def is_filled(self) -> bool:
        """Whether an earlier run left its whole catalogue in a kept folder."""
        return self._mark.exists()

    def filled(self) -> None:
        self._mark.touch()

    @property
    def _mark(self) -> Path:
        return self.folder / f"filled-{self.name}"

    def manage(self, *command: str) -> None:
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment, check=True)

    def measure(self, module: str, *arguments: object) -> Any:
        """Run `python -m benchmarks.<module>` on this engine; it prints its result as one line of JSON, the last."""
        command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, encoding="utf-8"
        )
        return json.loads(done.stdout.splitlines()[-1])


def start_django() -> None:
    """For a child process: the product as its server would have it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "standards_hub.settings")
    import django

    django.setup()


def hand_over(result: Any) -> None:
    """For a child process: its result, to `Engine.measure`."""
    print(json.dumps(result, ensure_ascii=False))


@contextmanager
def engines(wanted: str, kept: Path | None = None) -> Iterator[list[Engine]]:
    """The engines asked for (`sqlite`, `postgresql`, `both`), migrated; gone again afterwards, unless in a `kept` folder."""
    with ExitStack() as stack:
        folder = kept or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="standards-hub-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        found: list[Engine] = []
        if wanted in ("sqlite", "both"):
            found.append(Engine("sqlite", folder))
        binaries = find_binaries()
        if wanted in ("postgresql", "both") and binaries:
            found.append(
                Engine("postgresql", folder, stack.enter_context(cluster(binaries, kept and kept / "postgresql")))
            )
        elif wanted != "sqlite":
            print("No PostgreSQL server binaries here (Debian: apt-get install postgresql).", file=sys.stderr)
        for engine in found:
            engine.manage("migrate", "--verbosity", "0")
        yield found
