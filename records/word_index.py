"""A table of tokens beside a model's own: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

Both hold the same tokens (`records.word_tokens`) and give the same hits. Text never reaches MATCH or tsquery but as quoted
tokens.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from .word_tokens import Term

MANY = 500  # entries, from which on sorting them together pays


@dataclass(frozen=True)
class WordIndex:
    """The index of one kind of record: its table, and the column that holds the record's key on PostgreSQL."""

    table: str
    key: str

    @property
    def create(self) -> dict[str, list[str]]:
        """The statements of the migration that makes it, for each engine."""
        return {
            "sqlite": [
                # No positions and no sizes: hits are ranked by our own rule, the same on both databases.
                # Every letter and digit is a token character, those that Unicode added later too (Cn).
                f"CREATE VIRTUAL TABLE {self.table} USING fts5(tokens, detail=none, columnsize=0, prefix='1',"
                " tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co Cn'\")",
            ],
            "postgresql": [
                f"CREATE TABLE {self.table} ({self.key} bigint PRIMARY KEY, tokens tsvector NOT NULL)",
                f"CREATE INDEX {self.table}_tokens ON {self.table} USING gin (tokens)",
            ],
        }

    def matching_ids(self, terms: Iterable[Term]) -> RawSQL:
        """The keys of the records that have every term, as a subquery."""
        if connection.vendor == "postgresql":
            sql = f"SELECT {self.key} FROM {self.table} WHERE tokens @@ %s::tsquery"  # noqa: S608
            return RawSQL(sql, [_tsquery(terms)])  # noqa: S611
        return RawSQL(f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s", [_fts5(terms)])  # noqa: S608, S611

    def write(self, ids: Sequence[int], entries: Iterable[tuple[int, Iterable[str]]]) -> None:
        """Put entries (key, tokens) in the place of what stands there for `ids`; those without an entry leave it."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"DELETE FROM {self.table} WHERE {self.key} = ANY(%s::bigint[])", [list(ids)])  # noqa: S608
                copy_sql = f"COPY {self.table} ({self.key}, tokens) FROM STDIN"
                with self._sorted_at_once(cursor, len(ids)), cursor.cursor.copy(copy_sql) as copy:
                    for pk, words in entries:
                        copy.write_row((pk, _tsvector(words)))
            else:
                cursor.executemany(f"DELETE FROM {self.table} WHERE rowid = %s", [(pk,) for pk in ids])  # noqa: S608
                cursor.executemany(
                    f"INSERT INTO {self.table} (rowid, tokens) VALUES (%s, %s)",  # noqa: S608
                    [(pk, " ".join(words)) for pk, words in entries],
                )

    @contextmanager
    def _sorted_at_once(self, cursor: Any, count: int) -> Iterator[None]:
        """Let PostgreSQL sort the words of many entries into its index together: in a third of the time."""
        if count < MANY:
            yield
            return
        cursor.execute("SET LOCAL gin_pending_list_limit = '64MB'")
        yield
        cursor.execute(f"SELECT gin_clean_pending_list('{self.table}_tokens')")


def _tsquery(terms: Iterable[Term]) -> str:
    return " & ".join("'" + _plain(term.token) + "'" + (":*" if term.prefix else "") for term in terms)


def _fts5(terms: Iterable[Term]) -> str:
    return " AND ".join('"' + _plain(term.token) + '"' + ("*" if term.prefix else "") for term in terms)


def _plain(token: str) -> str:
    """Tokens hold letters and digits only; what quotes could end is taken out all the same."""
    return token.replace("'", "").replace('"', "").replace("\\", "")


def _tsvector(words: Iterable[str]) -> str:
    """Lexemes without positions, as PostgreSQL reads them."""
    return " ".join(f"'{_plain(word)}'" for word in words)
