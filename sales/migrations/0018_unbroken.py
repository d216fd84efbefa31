from django.db import migrations


class Migration(migrations.Migration):
    """A table that PostgreSQL empties after a crash (sales/mass_mail/claims.py)."""

    dependencies = [("sales", "0017_campaigns")]

    operations = [
        migrations.RunSQL(
            "CREATE UNLOGGED TABLE sales_unbroken (since timestamptz NOT NULL)",
            "DROP TABLE sales_unbroken",
        )
    ]
