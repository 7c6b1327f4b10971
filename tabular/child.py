"""Starts the child process that opens dangerous files, and reads its answer with a time limit."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tabular.errors import FileRefused
from tabular.limits import Limits, megabytes
from tabular.rows import Oversized

_ROOT = str(Path(__file__).resolve().parent.parent)
_BOOT = "import sys; sys.path.append(sys.argv[1]); from tabular.worker import main; main(sys.stdin.read())"
_BLOCK = 1 << 16


class Child:
    """One job in a process of its own. Iterate `answers()` once, then `close()`; closing early kills it."""

    def __init__(self, do: str, path: Path, *, limits: Limits, options: dict[str, Any], may_write: int = 0) -> None:
        job = {
            "do": do,
            "path": str(path.absolute()),
            "limits": asdict(limits),
            "may_write": may_write,
            "options": options,
        }
        self._limits = limits
        self._hint: dict[str, Any] | None = None
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-c", _BOOT, _ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
        )
        # The child reads all of its job before it writes; if it died, its answers will say so.
        with suppress(BrokenPipeError):
            self._send(json.dumps(job).encode())

    def answers(self) -> Iterator[Any]:
        """What the child writes, decoded. Raises FileRefused for the errors it reports, and for its death."""
        for line in self._lines():
            answer = _DECODER.decode(line.decode("utf-8", "surrogatepass"))
            if isinstance(answer, dict):
                if "end" in answer:
                    return
                if "error" in answer:
                    raise self._refusal(answer)
                if "hint" in answer:
                    self._hint = answer
                    continue
            yield answer
        raise self._death()

    def _send(self, job: bytes) -> None:
        assert self._process.stdin is not None
        with self._process.stdin as pipe:
            pipe.write(job)

    def close(self) -> None:
        """End the child, whatever it does."""
        self._process.kill()
        if self._process.stdout:
            self._process.stdout.close()
        self._process.wait()

    def _lines(self) -> Iterator[bytes]:
        """Lines from the pipe; only the time spent waiting for the child counts."""
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        budget = float(self._limits.seconds)
        longest = 4 * self._limits.line_chars
        rest = b""
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while True:
                started = time.monotonic()
                ready = selector.select(budget)
                budget -= time.monotonic() - started
                if not ready or budget <= 0:
                    raise FileRefused("too_slow", limit=self._limits.seconds)
                block = os.read(pipe, _BLOCK)
                *lines, rest = (rest + block).split(b"\n")
                yield from lines
                if not block:
                    return
                if len(rest) > longest:
                    raise FileRefused("damaged_file")

    def _refusal(self, answer: dict[str, Any]) -> FileRefused:
        if answer["error"] == "too_much_memory":
            return self._out_of_memory()
        return FileRefused(answer["error"], where=answer.get("where", ""), **answer.get("params", {}))

    def _death(self) -> FileRefused:
        ended = self._process.wait()
        if ended in (-signal.SIGXCPU, -signal.SIGKILL):
            return FileRefused("too_slow", limit=self._limits.seconds)
        # Rust aborts when it gets no memory.
        return self._out_of_memory() if ended == -signal.SIGABRT else FileRefused("damaged_file")

    def _out_of_memory(self) -> FileRefused:
        if self._hint:
            return FileRefused(self._hint["hint"], **self._hint["params"])
        return FileRefused("too_much_memory", limit=megabytes(self._limits.memory_bytes))


# How `tabular.worker` writes what JSON has no word for.
_DECODE: dict[str, Callable[[Any], Any]] = {
    "d": date.fromisoformat,
    "t": datetime.fromisoformat,
    "o": Oversized,
}


def _decode(value: dict[str, Any]) -> Any:
    if len(value) == 1:
        ((key, content),) = value.items()
        if key in _DECODE:
            return _DECODE[key](content)
    return value


_DECODER = json.JSONDecoder(object_hook=_decode)
