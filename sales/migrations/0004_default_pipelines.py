from django.db import migrations

# As they were when tenants began to have pipelines; new tenants get theirs from
# sales.pipelines.defaults.
PIPELINE = "Pipeline de Ventas"
STAGES = [
    ("Prospecto", "open", "#6B7280", 10),
    ("Contactado", "open", "#3B82F6", 25),
    ("Propuesta", "open", "#F59E0B", 50),
    ("Negociacion", "open", "#8B5CF6", 75),
    ("Ganado", "won", "#10B981", 100),
    ("Perdido", "lost", "#EF4444", 0),
]
ADD_PIPELINES = """
    INSERT INTO sales_pipeline (tenant_id, name, is_default, position)
    SELECT t.id, %s, true, 0 FROM accounts_tenant t
    WHERE NOT EXISTS (SELECT FROM sales_pipeline p WHERE p.tenant_id = t.id)
    RETURNING id, tenant_id
"""
ADD_STAGES = """
    INSERT INTO sales_stage
        (tenant_id, pipeline_id, name, kind, color, default_probability, position)
    SELECT p.tenant_id, p.id, %s, %s, %s, %s, %s
    FROM unnest(%s::bigint[], %s::bigint[]) AS p(id, tenant_id)
"""


def add_pipelines(apps, schema_editor):
    """Give the tenants that are there the pipeline that new ones start with."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(ADD_PIPELINES, [PIPELINE])
        added = cursor.fetchall()
        ids, tenant_ids = [row[0] for row in added], [row[1] for row in added]
        for position, stage in enumerate(STAGES):
            cursor.execute(ADD_STAGES, [*stage, position, ids, tenant_ids])


class Migration(migrations.Migration):
    dependencies = [("sales", "0003_stage_of_the_pipeline")]
    operations = [migrations.RunPython(add_pipelines, migrations.RunPython.noop, elidable=True)]
