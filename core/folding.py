"""Texts without case and accents, computed by the database.

The function is made by a migration. What is plain ASCII, most of it, costs no more than `lower`.
"""

from __future__ import annotations

from django.db.models import Func, TextField

# No STRICT: with it PostgreSQL would call the function for each row, and not put its text into
# the statement.
CREATE_FOLDED = r"""
    CREATE FUNCTION core_folded(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT CASE WHEN octet_length($1) = char_length($1) THEN lower($1)
        ELSE lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]+', '', 'g')) END
    $$
"""
DROP_FOLDED = "DROP FUNCTION core_folded(text)"


class Folded(Func):
    """A text without case and accents: `garcia` of García. Compare it with a folded text."""

    function = "core_folded"
    arity = 1
    output_field = TextField()
