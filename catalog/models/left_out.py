"""Which examples stand aside in figures."""

from django.db import connection

STANDING = "SELECT id FROM catalog_standard WHERE voided_at IS NULL AND"


def left_out_of_figures() -> list[int]:
    """The numbers of the examples, where real standards stand beside them.

    By number and not by their mark: a narrow index that counts has every row's number. Every list asks; the ORM would
    take longer to write it than the database to answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{STANDING} is_example")
        examples = [pk for (pk,) in cursor.fetchall()]
        if examples:
            cursor.execute(f"{STANDING} NOT is_example LIMIT 1")
            return examples if cursor.fetchone() else []
    return []
