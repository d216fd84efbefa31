"""A deal's stage is one of its pipeline: a key of three columns, which no field can declare.

Checked at once, like the other composite keys. The tables are read by counts and lists, so they
are vacuumed early, as those of prospects.
"""

from django.db import migrations

ADD = """
    ALTER TABLE sales_deal ADD CONSTRAINT sales_deal_stage_of_pipeline
    FOREIGN KEY (tenant_id, pipeline_id, stage_id)
    REFERENCES sales_stage (tenant_id, pipeline_id, id) DEFERRABLE INITIALLY IMMEDIATE
"""
EARLY = (
    "autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_insert_scale_factor = 0.02, "
    "autovacuum_analyze_scale_factor = 0.02"
)
NAMES = (
    "autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor, "
    "autovacuum_analyze_scale_factor"
)


class Migration(migrations.Migration):
    dependencies = [("sales", "0002_pipelines_and_deals")]
    operations = [
        migrations.RunSQL(ADD, "ALTER TABLE sales_deal DROP CONSTRAINT sales_deal_stage_of_pipeline"),
        migrations.RunSQL(
            f"ALTER TABLE sales_deal SET ({EARLY})", f"ALTER TABLE sales_deal RESET ({NAMES})"
        ),
    ]
