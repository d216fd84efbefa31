from django.db import migrations

from prospects.pipeline.keys import company_key

AT_ONCE = 5000
NEXT = """
    SELECT id, company_name FROM prospects_prospect
    WHERE id > %s AND company_name > '' ORDER BY id LIMIT %s
"""
FILL = """
    UPDATE prospects_prospect AS card SET company_key = known.key
    FROM unnest(%s::bigint[], %s::text[]) AS known(id, key) WHERE card.id = known.id
"""


def fill(apps, schema_editor):
    """Give the cards that are there the key that new ones get when they are written."""
    last = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(NEXT, [last, AT_ONCE])
            rows = cursor.fetchall()
            if not rows:
                return
            ids = [pk for pk, _ in rows]
            cursor.execute(FILL, [ids, [company_key(name) for _, name in rows]])
            last = ids[-1]


class Migration(migrations.Migration):

    dependencies = [("prospects", "0013_duplicate_keys")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
