from django.db import migrations

from core.folding import CREATE_FOLDED, DROP_FOLDED


class Migration(migrations.Migration):
    dependencies = [("core", "0001_answered_requests")]

    operations = [migrations.RunSQL(CREATE_FOLDED, DROP_FOLDED)]
