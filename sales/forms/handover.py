"""The forms of somebody who leaves, and what these brought them, given to a colleague."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from core.models import tenant_of_written_row

# In turn for them comes the colleague, who keeps one turn where they had one. Forms are locked in
# one order, before what they brought.
FORMS = """
    WITH theirs AS MATERIALIZED (
        SELECT form.id FROM sales_webform AS form
        WHERE form.tenant_id = %(tenant_id)s AND (
            form.created_by_id = %(from_id)s
            OR form.id IN (SELECT form_id FROM sales_formuser WHERE user_id = %(from_id)s)
        )
        ORDER BY form.id FOR NO KEY UPDATE
    ), given AS (
        UPDATE sales_webform AS form
        SET created_by_id = CASE
                WHEN created_by_id = %(from_id)s THEN %(to_id)s ELSE created_by_id
            END
        FROM theirs WHERE form.id = theirs.id
    ), turns AS (
        INSERT INTO sales_formuser (tenant_id, form_id, user_id, last_turn)
        SELECT tenant_id, form_id, %(to_id)s, last_turn FROM sales_formuser
        WHERE user_id = %(from_id)s AND form_id IN (SELECT id FROM theirs)
        ON CONFLICT DO NOTHING
    ), left_ones AS (
        DELETE FROM sales_formuser
        WHERE user_id = %(from_id)s AND form_id IN (SELECT id FROM theirs)
    )
    SELECT count(*) FROM theirs
"""
SUBMISSIONS = """
    UPDATE sales_formsubmission SET assigned_to_id = %(to_id)s
    WHERE tenant_id = %(tenant_id)s AND assigned_to_id = %(from_id)s
"""


def hand_over_forms_of(*, from_id: int, to_id: int, at: datetime) -> int:
    """Give somebody's part in forms, and what forms brought them, to a colleague.

    Returns how many forms that were.
    """
    values = {"tenant_id": tenant_of_written_row(None), "from_id": from_id, "to_id": to_id}
    with connection.cursor() as cursor:
        cursor.execute(FORMS, values)
        (count,) = cursor.fetchone()
        cursor.execute(SUBMISSIONS, values)
    return int(count)
