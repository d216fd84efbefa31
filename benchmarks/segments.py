"""What segments ask of people: stages, towns, sources, fields of their own, last activities."""

from __future__ import annotations

import time

from benchmarks.database import connect, value_of
from benchmarks.people import find_tenant
from core.embedded.errors import EmbeddedError

# One in five is a customer, one in fifty of a town, one in a hundred has a plan: in an order that
# has nothing to do with their age.
FILL = """
    UPDATE prospects_contact AS c SET
        lifecycle_stage = CASE WHEN number %% 5 = 0 THEN 'customer' ELSE 'lead' END,
        lead_score = number %% 101,
        city = CASE number %% 50 WHEN 0 THEN 'León' WHEN 1 THEN 'Guadalajara'
               ELSE 'Ciudad ' || number %% 40 END,
        source = 'source ' || number %% 20,
        custom_fields = CASE WHEN number %% 10 = 0
            THEN jsonb_build_object('plan', CASE WHEN number %% 100 = 0 THEN 'Oro' ELSE 'Plata' END,
                                    'branches', number %% 30) ELSE '{}' END,
        last_activity_at = CASE WHEN number %% 3 = 0
            THEN now() - make_interval(days => (number %% 720)::int) END
    FROM (
        SELECT id, row_number() OVER (ORDER BY hashint8(id), id) AS number FROM prospects_contact
        WHERE tenant_id = %(tenant)s
    ) AS numbered
    WHERE c.id = numbered.id
"""
KNOWN = """
    SELECT EXISTS (SELECT FROM prospects_contact WHERE tenant_id = %s AND city = 'Guadalajara')
"""


def describe_people() -> None:
    """Say where the people of the measured tenant live, how far they have come and so on.

    :raises EmbeddedError: there is no tenant yet, or it is known already.
    """
    tenant = find_tenant()
    if tenant is None:
        raise EmbeddedError("there is no tenant: python -m benchmarks seed")
    with connect() as database:
        if value_of(database, KNOWN, [tenant.pk]):
            raise EmbeddedError("the tenant's people are described already")
        began = time.perf_counter()
        with database.transaction():  # without a history of a million people
            database.execute("ALTER TABLE prospects_contact DISABLE TRIGGER USER")
            count = database.execute(FILL, {"tenant": tenant.pk}).rowcount
            database.execute("ALTER TABLE prospects_contact ENABLE TRIGGER USER")
        # As large as if it had been written so at first; then what is visible, for the indexes.
        database.execute("VACUUM (FULL) prospects_contact")
        database.execute("VACUUM (ANALYZE) prospects_contact")
        print(f"{count:,} people: {time.perf_counter() - began:,.1f} s", flush=True)
