"""`/api/v1/pipelines` and their stages."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from core.tenancy import across_tenants, tenant_scope
from sales.models import Pipeline, Stage
from tests.sales.deals.deals_of import deal, move, pipeline, stage

PIPELINES = "/api/v1/pipelines"


class TestDefault:
    def test_comes_with_every_tenant_as_the_contract_shows_it(self, team):
        (shown,) = team.alice.get(PIPELINES).json()["data"]
        assert (shown["name"], shown["is_default"]) == ("Pipeline de Ventas", True)
        columns = ("name", "type", "color", "default_probability")
        assert [tuple(each[name] for name in columns) for each in shown["stages"]] == [
            ("Prospecto", "open", "#6B7280", 10),
            ("Contactado", "open", "#3B82F6", 25),
            ("Propuesta", "open", "#F59E0B", 50),
            ("Negociacion", "open", "#8B5CF6", 75),
            ("Ganado", "won", "#10B981", 100),
            ("Perdido", "lost", "#EF4444", 0),
        ]
        one = team.alice.get(f"{PIPELINES}/{shown['id']}").json()["data"]
        assert one == shown

    def test_is_given_to_tenants_who_have_none(self, team):
        with across_tenants():
            Pipeline.objects.all().delete()
        module = import_module("sales.migrations.0004_default_pipelines")
        with connection.schema_editor() as editor:
            module.add_pipelines(None, editor)
            module.add_pipelines(None, editor)
        with tenant_scope(team.tenant.pk):
            assert Pipeline.objects.get().is_default
            assert Stage.objects.count() == 6

    def test_is_one(self, team):
        made = team.ada.post(PIPELINES, {"name": "Renewals", "is_default": True}).json()["data"]
        shown = team.alice.get(PIPELINES).json()["data"]
        assert shown[0]["id"] == made["id"]
        assert [each["is_default"] for each in shown] == [True, False]

    def test_stays(self, team):
        path = f"{PIPELINES}/{pipeline(team).pk}"
        assert team.ada.put(path, {"is_default": False}).status_code == 409
        assert team.ada.delete(path).status_code == 409


class TestPipelines:
    def test_are_made_with_stages_of_their_own(self, team):
        stages = [{"name": "First"}, {"name": "Won", "type": "won", "default_probability": 100}]
        made = team.ada.post(PIPELINES, {"name": "Short", "stages": stages}).json()["data"]
        assert [(each["name"], each["type"]) for each in made["stages"]] == [
            ("First", "open"),
            ("Won", "won"),
        ]

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"name": ""},
            {"name": "x" * 121},
            {"name": "a\0"},
            {"name": "pipeline DE ventas"},
            {"name": "ok", "stages": "x"},
            {"name": "ok", "stages": [{}]},
            {"name": "ok", "stages": [{"name": "a"}, {"name": "A"}]},
            {"name": "ok", "stages": [{"name": "a", "type": "sold"}]},
            {"name": "ok", "stages": [{"name": "a", "color": "red;}"}]},
            {"name": "ok", "stages": [{"name": "a", "default_probability": 101}]},
            {"name": "ok", "stages": [{"name": str(n)} for n in range(51)]},
            {"name": "ok", "position": -1},
        ],
    )
    def test_are_refused_whole(self, team, body):
        assert team.ada.post(PIPELINES, body).status_code == 422
        with tenant_scope(team.tenant.pk):
            assert Pipeline.objects.count() == 1

    def test_are_deleted_unless_deals_stand_in_them(self, team):
        made = team.ada.post(PIPELINES, {"name": "Short"}).json()["data"]
        path = f"{PIPELINES}/{made['id']}"
        where = {"pipeline_id": made["id"], "stage_id": made["stages"][0]["id"]}
        body = {"name": "ERP", **where}
        sold = team.alice.post("/api/v1/deals", body).json()["data"]
        answer = team.ada.delete(path)
        assert (answer.status_code, "Short" in answer.json()["message"]) == (409, True)
        back = stage(team)
        away = {"pipeline_id": back.pipeline_id, "stage_id": back.pk}
        team.alice.put(f"/api/v1/deals/{sold['id']}", away)
        assert team.ada.delete(path).status_code == 200
        history = team.alice.get(f"/api/v1/deals/{sold['id']}").json()["data"]["stage_history"]
        assert (history[0]["stage_id"], history[0]["stage_name"]) == (None, "Prospecto")


class TestStages:
    @pytest.fixture
    def stages(self, team):
        return f"{PIPELINES}/{pipeline(team).pk}/stages"

    def test_are_added_at_the_end(self, team, stages):
        made = team.ada.post(stages, {"name": "Cobrado", "type": "won", "color": "#00ff00"})
        assert made.status_code == 201, made.content
        assert made.json()["data"]["position"] == 6
        shown = team.alice.get(PIPELINES).json()["data"][0]["stages"]
        assert shown[-1] == made.json()["data"]

    def test_are_put_in_order_and_changed(self, team, stages):
        first, second = stage(team, "Prospecto"), stage(team, "Contactado")
        team.ada.put(f"{stages}/{first.pk}", {"position": 1})
        team.ada.put(f"{stages}/{second.pk}", {"position": 0, "default_probability": 30})
        shown = team.alice.get(PIPELINES).json()["data"][0]["stages"]
        assert [each["name"] for each in shown[:2]] == ["Contactado", "Prospecto"]
        assert shown[0]["default_probability"] == 30

    def test_with_deals_keep_their_kind_and_stay(self, team, stages):
        made = deal(team, team.alice)
        path = f"{stages}/{made['stage_id']}"
        assert team.ada.put(path, {"type": "won"}).status_code == 409
        assert team.ada.put(path, {"name": "Oferta"}).status_code == 200
        answer = team.ada.delete(path)
        assert (answer.status_code, "Oferta" in answer.json()["message"]) == (409, True)
        move(team.alice, made["id"], stage(team, "Ganado").pk)
        assert team.ada.delete(path).status_code == 200

    def test_with_deals_that_were_deleted_stay_too(self, team, stages):
        made = deal(team, team.alice)
        team.mona.delete(f"/api/v1/deals/{made['id']}")
        assert team.ada.delete(f"{stages}/{made['stage_id']}").status_code == 409

    def test_of_another_pipeline_are_not_found(self, team, rivals, stages):
        for path in (f"{stages}/{stage(rivals).pk}", f"{PIPELINES}/999/stages/{stage(team).pk}"):
            assert team.ada.put(path, {"name": "x"}).status_code == 404
            assert team.ada.delete(path).status_code == 404
        assert team.ada.post(f"{PIPELINES}/999/stages", {"name": "x"}).status_code == 404
        theirs = f"{PIPELINES}/{pipeline(rivals).pk}/stages"
        assert team.ada.post(theirs, {"name": "x"}).status_code == 404

    @pytest.mark.parametrize("body", [{"name": "ganado"}, {"type": "x"}, {"color": "#12"}, {}])
    def test_are_refused_as_new_ones(self, team, stages, body):
        assert team.ada.post(stages, body).status_code == 422
