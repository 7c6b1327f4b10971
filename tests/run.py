"""Run the test suite on every database this machine can serve: `python tests/run.py [pytest arguments]`.

SQLite always, PostgreSQL where its server binaries are found. What browser tests need from Debian is
installed first where it is missing and we are root; otherwise they skip with the reason.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgres import cluster, find_binaries  # noqa: E402

PACKAGES = {"/usr/bin/chromium": "chromium", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc": "fonts-noto-cjk"}


def install_browser() -> None:
    missing = [package for path, package in PACKAGES.items() if not Path(path).exists()]
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installing {', '.join(missing)} for the browser tests …", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "-qq", "update"], check=False, **quiet)
    subprocess.run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing], check=False, **quiet)


def pytest(arguments: list[str], url: str | None) -> int:
    environment = os.environ | ({"DATABASE_URL": url} if url else {})
    if not url:
        environment.pop("DATABASE_URL", None)
    name = "PostgreSQL" if url else "SQLite"
    print(f"\n=== The test suite on {name} ===", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main() -> int:
    arguments = sys.argv[1:]
    install_browser()
    codes = [pytest(arguments, None)]
    binaries = find_binaries()
    if binaries is None:
        print("\nNo PostgreSQL server binaries here (Debian: apt-get install postgresql); tested on SQLite only.")
    else:
        with cluster(binaries) as url:
            codes.append(pytest(arguments, url))
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
