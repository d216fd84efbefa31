"""Vacuum leads early: each sync updates rows all over the table, and every figure reads it whole."""

from django.db import migrations

EARLY = "autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02"
NAMES = "autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor"


class Migration(migrations.Migration):
    dependencies = [("analytics", "0002_note_removed_cards")]
    operations = [
        migrations.RunSQL(
            [
                f"ALTER TABLE analytics_lead SET ({EARLY})",
                "ALTER TABLE analytics_removal SET (autovacuum_vacuum_scale_factor = 0)",
            ],
            [
                f"ALTER TABLE analytics_lead RESET ({NAMES})",
                "ALTER TABLE analytics_removal RESET (autovacuum_vacuum_scale_factor)",
            ],
        )
    ]
