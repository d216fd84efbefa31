from django.db import migrations

# Of what went back before refunds had rows, the payment knows the sum and the last day.
ADD_REFUNDS = """
    INSERT INTO sales_refund (tenant_id, payment_id, amount, refunded_at, reason)
    SELECT p.tenant_id, p.id, p.refunded_amount, coalesce(p.refunded_at, p.updated_at),
           p.refund_reason
    FROM sales_payment p
    WHERE p.refunded_amount > 0
      AND NOT EXISTS (SELECT FROM sales_refund r WHERE r.payment_id = p.id)
"""


def add_refunds(apps, schema_editor):
    """Give the refunds that were noted before a row each."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(ADD_REFUNDS)


class Migration(migrations.Migration):
    dependencies = [("sales", "0011_refunds")]
    operations = [migrations.RunPython(add_refunds, migrations.RunPython.noop, elidable=True)]
