"""Every table belongs to a tenant or stands here with the reason why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from core.models import TenantEvent, TenantModel
from core.tenancy import TenantNotSet, tenant_scope

# Tables that belong to no tenant, or not in the way of TenantModel.
SHARED = {
    "accounts.Tenant": "It is the tenant.",
    "accounts.User": "Operators belong to none; its own manager filters by tenant all the same.",
    "accounts.TwoFactor": "Operators have it, too; it is found by way of its user alone.",
    "accounts.User_groups": "Django's own. Groups are not used: rights come from the role.",
    "accounts.User_user_permissions": "Django's own. It links to the list of rights, all alike.",
    "prospects.Locale": "Countries are the same for everybody; only operators edit them.",
    "sales.Settlement": "The postal codes of a country are everybody's; a command loads them.",
}
# Foreign keys of tenants' tables that do not compare the tenant.
PLAIN = {
    "prospects.Prospect.locale": "Locales are everybody's.",
    "prospects.CardCount.locale": "The same; its card's key holds it.",
    "prospects.PartnerData.locale": "Locales are everybody's.",
    "prospects.ProspectUserObjectPermission.permission": "The list of rights is everybody's.",
}
# Tables without a key of their own to the tenant, and the link, never null, that proves it.
PROVED = {
    "accounts.BulkChunk": "job",
    "prospects.Prospect": "category",
    "prospects.ImportRow": "job",
    "sales.SegmentMember": "segment",
}
ON_DELETE = {models.CASCADE: "c", models.SET_NULL: "n", models.PROTECT: "a"}


def our_models() -> list[type[models.Model]]:
    """Return the models of the apps in this repository, tables of many-to-many fields included."""
    root = Path(settings.BASE_DIR)
    return [
        model
        for config in apps.get_app_configs()
        if Path(config.path).parent == root
        for model in config.get_models(include_auto_created=True)
    ]


def is_tenants(model: type[models.Model]) -> bool:
    return issubclass(model, TenantModel | TenantEvent)


OURS = our_models()
TENANTS = [model for model in OURS if is_tenants(model)]
WITH_MANAGER = [
    model for model in OURS if is_tenants(model) or model._meta.label == "accounts.User"
]


def by_label(model):
    return model._meta.label


class TestEveryModel:
    def test_is_a_tenants_or_listed_as_shared(self):
        assert {model._meta.label for model in OURS if not is_tenants(model)} == set(SHARED)

    @pytest.mark.parametrize("model", WITH_MANAGER, ids=by_label)
    def test_sees_nothing_as_nobody_through_any_manager(self, model, db):
        for manager in model._meta.managers:
            with pytest.raises(TenantNotSet):
                getattr(model, manager.name).exists()

    @pytest.mark.parametrize("model", WITH_MANAGER, ids=by_label)
    def test_asks_for_the_tenant_through_every_manager(self, model):
        with tenant_scope(4711):
            for manager in model._meta.managers:
                query = str(getattr(model, manager.name).all().query)
                assert f'"{model._meta.db_table}"."tenant_id" = 4711' in query

    @pytest.mark.parametrize("model", TENANTS, ids=by_label)
    def test_cannot_be_without_a_tenant(self, model):
        assert model._meta.get_field("tenant").null == (model._meta.label == "accounts.UserEvent")

    def test_of_many_to_many_goes_through_a_tenants_row(self):
        through = {
            field.remote_field.through
            for model in OURS
            for field in model._meta.local_many_to_many
            if field.remote_field.through._meta.label not in SHARED
        }
        assert all(is_tenants(model) for model in through)


# One row a foreign key: its table and columns, what they point at, and what a delete does.
FOREIGN_KEYS = """
SELECT c.conrelid::regclass::text,
       ARRAY(SELECT attname::text FROM unnest(c.conkey) WITH ORDINALITY k(num, nth)
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num ORDER BY nth),
       c.confrelid::regclass::text,
       ARRAY(SELECT attname::text FROM unnest(c.confkey) WITH ORDINALITY k(num, nth)
             JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num ORDER BY nth),
       c.confdeltype::text,
       ARRAY(SELECT attname::text FROM unnest(c.confdelsetcols) k(num)
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num),
       c.convalidated
FROM pg_constraint c WHERE c.contype = 'f'
"""
UNIQUE_COLUMNS = """
SELECT i.indexrelid::regclass::text,
       ARRAY(SELECT attname::text FROM unnest(i.indkey) k(num)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num)
FROM pg_index i
WHERE i.indisunique AND NOT i.indisprimary AND i.indrelid = %s::regclass
"""


@pytest.fixture
def foreign_keys(db):
    """The foreign keys that the database knows, by table."""
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS)
        rows = cursor.fetchall()
    found: dict[str, list[tuple]] = {}
    for table, *rest in rows:
        found.setdefault(table, []).append(tuple(rest))
    return found


def links(model: type[models.Model]) -> list[models.ForeignKey]:
    """Return the foreign keys of a model to other rows of a tenant."""
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, models.ForeignKey)
        and column.name != "tenant"
        and f"{model._meta.label}.{column.name}" not in PLAIN
    ]


KEPT = [model for model in TENANTS if not (issubclass(model, TenantEvent) or model._meta.proxy)]


class TestEveryForeignKey:
    @pytest.mark.parametrize("model", KEPT, ids=by_label)
    def test_compares_the_tenant_in_the_database(self, model, foreign_keys):
        known = foreign_keys[model._meta.db_table]
        for link in links(model):
            on_delete = ON_DELETE[link.remote_field.on_delete]
            emptied = [link.column] if on_delete == "n" else []
            target = link.related_model._meta.db_table
            assert (
                ["tenant_id", link.column],
                target,
                ["tenant_id", "id"],
                on_delete,
                emptied,
                True,
            ) in known, f"{link} is not held by a composite key"

    @pytest.mark.parametrize("model", KEPT, ids=by_label)
    def test_that_the_database_knows_is_known_here(self, model, foreign_keys):
        """No key beside the composite ones, made by hand or by a plain ForeignKey."""
        plain = {
            tuple(columns)
            for columns, *_ in foreign_keys[model._meta.db_table]
            if columns[0] != "tenant_id" or len(columns) == 1
        }
        listed = {
            (model._meta.get_field(label.rpartition(".")[2]).column,)
            for label in PLAIN
            if label.startswith(f"{model._meta.label}.")
        }
        own = set() if model._meta.label in PROVED else {("tenant_id",)}
        assert plain - listed == own

    def test_that_proves_the_tenant_is_never_null(self):
        for label, link in PROVED.items():
            column = apps.get_model(label)._meta.get_field(link)
            assert column in links(apps.get_model(label))
            assert not column.null

    def test_listed_as_plain_exists(self):
        for label in PLAIN:
            app, model, column = label.split(".")
            assert apps.get_model(app, model)._meta.get_field(column).is_relation

    @pytest.mark.parametrize("model", KEPT, ids=by_label)
    def test_of_a_unique_key_tells_nothing_of_other_tenants(self, model, db):
        """What is taken must be taken in this tenant: a key names it, or a row that is of it."""
        of_a_tenant = {"tenant_id"} | {link.column for link in links(model)}
        with connection.cursor() as cursor:
            cursor.execute(UNIQUE_COLUMNS, [model._meta.db_table])
            for name, columns in cursor.fetchall():
                assert of_a_tenant & set(columns), name


class TestHistory:
    @pytest.mark.parametrize(
        "model", [model for model in TENANTS if issubclass(model, TenantEvent)], ids=by_label
    )
    def test_has_no_keys_that_would_go_with_what_it_tells_about(self, model, foreign_keys):
        assert model._meta.db_table not in foreign_keys
