"""A tenant's logo is one of its own pictures: a key that begins with the tenant's id, which no
field can declare. Checked at once, like the other composite keys.
"""

import django.db.models.deletion
from django.db import migrations, models

ADD = """
    ALTER TABLE accounts_tenant ADD CONSTRAINT accounts_tenant_logo_in_tenant
    FOREIGN KEY (id, logo_id) REFERENCES accounts_picture (tenant_id, id)
    ON DELETE SET NULL (logo_id) DEFERRABLE INITIALLY IMMEDIATE
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_tallies")]
    operations = [
        migrations.AlterField(
            model_name="tenant",
            name="logo",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.picture",
                verbose_name="logo",
            ),
        ),
        migrations.RunSQL(
            ADD, "ALTER TABLE accounts_tenant DROP CONSTRAINT accounts_tenant_logo_in_tenant"
        ),
    ]
