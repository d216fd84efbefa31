"""Note cards that leave no row behind whose updated_at would tell the sync of them.

The triggers stand on the tables of lower apps, which know nothing of analytics.
"""

from django.db import migrations

NOTE = """
CREATE FUNCTION analytics_note_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO analytics_removal (tenant_id, prospect_id) SELECT tenant_id, %I FROM gone',
        TG_ARGV[0]
    );
    RETURN NULL;
END $$
"""
NOTE_OLD_CARD = """
CREATE FUNCTION analytics_note_old_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO analytics_removal (tenant_id, prospect_id) VALUES (OLD.tenant_id, OLD.prospect_id);
    RETURN NULL;
END $$
"""
DELETED = """
CREATE TRIGGER analytics_note_removed AFTER DELETE ON {table}
REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION analytics_note_removed('{card}')
"""
MOVED = """
CREATE TRIGGER analytics_note_old_card AFTER UPDATE OF prospect_id ON clients_company
FOR EACH ROW WHEN (OLD.prospect_id IS DISTINCT FROM NEW.prospect_id)
EXECUTE FUNCTION analytics_note_old_card()
"""
SOURCES = {"prospects_prospect": "id", "clients_company": "prospect_id"}


class Migration(migrations.Migration):
    dependencies = [("analytics", "0001_leads_and_their_sync")]
    operations = [
        migrations.RunSQL(
            [NOTE, NOTE_OLD_CARD, MOVED]
            + [DELETED.format(table=table, card=card) for table, card in SOURCES.items()],
            [
                "DROP FUNCTION analytics_note_removed CASCADE",
                "DROP FUNCTION analytics_note_old_card CASCADE",
            ],
        )
    ]
