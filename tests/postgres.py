"""A throwaway PostgreSQL cluster: found, made, started, stopped and removed again.

The server refuses to run as root; then it runs as `postgres`, or whichever unprivileged user there is.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_binaries() -> Path | None:
    """The folder with initdb, pg_ctl and postgres; the newest version where there are several."""
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for place in [*places, *([Path(found).parent] if found else [])]:
        if all((place / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return place
    return None


def _unprivileged() -> str | None:
    """The user to run the server as, None for ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


@contextmanager
def cluster(binaries: Path, kept: Path | None = None) -> Iterator[str]:
    """Start a fresh cluster; gives its DATABASE_URL. In `kept`, a cluster of an earlier time is started again."""
    user = _unprivileged()
    folder = kept or Path(tempfile.mkdtemp(prefix="standards-hub-pg-"))
    folder.mkdir(parents=True, exist_ok=True)
    if user:
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        as_user = ["runuser", "-u", user, "--"] if user else []
        subprocess.run([*as_user, *command], check=True, cwd="/", stdout=subprocess.DEVNULL)

    data, port = folder / "data", _free_port()
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60 -c shared_buffers=256MB"
    try:
        if not data.exists():
            run(str(binaries / "initdb"), "-D", str(data), "-U", "hub", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        run(str(binaries / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w", "-o", options, "start")
        yield f"postgres://hub@127.0.0.1:{port}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "fast" if kept else "immediate", "stop")
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
