"""A dedicated search engine beside the databases: tantivy over the same tokens, hits and the first twenty only."""

from collections.abc import Iterable

import tantivy
from django.db.models import F, QuerySet

from catalog.tokens import parse_query
from records.word_tokens import fold, index_tokens


class TantivyIndex:
    """An index in memory of every standard's number, titles and department."""

    def __init__(self, standards: QuerySet) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", stored=True)
        schema.add_text_field("tokens", tokenizer_name="whitespace", index_option="basic")
        self._index = tantivy.Index(schema.build())
        writer = self._index.writer(heap_size=128_000_000, num_threads=1)
        columns = ("pk", "title", "title_en", "number_fold", "serial_fold")
        rows = standards.order_by().annotate(named=F("department__name")).values_list(*columns, "named")
        for pk, *texts in rows.iterator(chunk_size=5000):
            writer.add_document(tantivy.Document(id=pk, tokens=" ".join(_tokens(texts))))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._schema = self._index.schema

    def search(self, words: str) -> tuple[int, list[int]]:
        """How many hits, and twenty of them by tantivy's own score."""
        terms = parse_query(words).terms
        if not terms:
            return 0, []
        parts = [(tantivy.Occur.Must, self._term(term.token, term.prefix)) for term in terms]
        result = self._searcher.search(tantivy.Query.boolean_query(parts), limit=20, count=True)
        return result.count, [self._searcher.doc(address)["id"][0] for _score, address in result.hits]

    def _term(self, token: str, prefix: bool) -> tantivy.Query:
        if prefix:
            return tantivy.Query.regex_query(self._schema, "tokens", f"{token}.*")
        return tantivy.Query.term_query(self._schema, "tokens", token)


def _tokens(texts: list[str | None]) -> Iterable[str]:
    *written, department = texts
    found = index_tokens(" ".join([written[0], written[1], department or ""]))
    return sorted(found | {fold(text) for text in written[2:] if text})
