from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from core.api.refusals import ERROR_SHAPES
from crm_project.openapi.examples import EXAMPLES
from crm_project.openapi.tags import TAGS
from tests.schema_of import content_at, operations, schema, validator
from tests.test_permissions import routes

# Pages for people, and what programs of ours call: no API.
NO_API = (
    *("/favicon.ico", "/healthz", "/readyz", "/metrics", "/api/schema", "/api/docs", "/mcp"),
    *("/storage/", "/account/", "/anymail/", "/d/", "/e/", "/f/", "/m/", "/embed.js"),
)
NO_REFUSALS = ("MovedPermanently", "NotModified")


def every_operation() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def named() -> dict[str, dict[str, Any]]:
    return {operation["operationId"]: operation for *_, operation in every_operation()}


class TestSchema:
    def test_is_generated_without_a_warning(self):
        GENERATOR_STATS.reset()
        SchemaGenerator().get_schema(request=None, public=True)
        assert not GENERATOR_STATS._warn_cache
        assert not GENERATOR_STATS._error_cache

    def test_has_every_route(self):
        served = {
            (method, path)
            for method, path in routes()
            if path != "/" and not path.startswith(NO_API)
        }
        assert served == set(operations())

    def test_tells_what_bodies_are_made_of(self):
        bodies = {
            kind
            for *_, operation in every_operation()
            for kind in operation.get("requestBody", {}).get("content", ())
        }
        assert bodies == {
            *("application/json", "image/*"),
            *("multipart/form-data", "application/x-www-form-urlencoded"),
        }

    def test_is_json_schema_in_each_shape(self):
        shapes = schema()["components"]["schemas"]
        assert {name for name in shapes if not jsonschema_rs.meta.is_valid(shapes[name])} == set()
        assert "'nullable':" not in str(schema())  # a word of OpenAPI 3.0

    @pytest.mark.django_db
    @pytest.mark.parametrize("path", ["/api/schema", "/api/docs"])
    def test_and_its_pages_are_open_to_everybody(self, client, path):
        assert client.get(path).status_code == 200

    @pytest.mark.django_db
    def test_page_loads_nothing_from_elsewhere(self, client):
        page = client.get("/api/docs").content.decode()
        assert "https://" not in page


class TestOperation:
    def test_is_called_as_clients_know_it(self):
        """Functions of clients that were made from the schema are named by these."""
        names = named()
        assert len(names) == len(operations())
        assert {
            *("deals_list", "deals_create", "deals_retrieve", "deals_update", "deals_delete"),
            *("deals_move_stage", "quotes_approve", "contacts_notes_create", "auth_login"),
            *("prospects_grouped", "prospects_create", "prospects_update", "clients_retrieve"),
            *("prospects_client_analytics", "public_forms_submit", "copomex_retrieve"),
        } <= set(names)

    def test_stands_in_a_chapter_that_is_described(self):
        used = {tag for *_, operation in every_operation() for tag in operation["tags"]}
        assert used == {tag["name"] for tag in TAGS}

    def test_describes_its_refusals_in_the_words_of_its_surface(self):
        for _, path, operation in every_operation():
            refusals = [each["$ref"] for each in operation["responses"].values() if "$ref" in each]
            worded = [each for each in refusals if not each.endswith(NO_REFUSALS)]
            surface = "Sales" if path.startswith("/api/") else "Crm"
            assert worded
            assert all(f"/responses/{surface}" in each for each in worded), path

    @pytest.mark.parametrize(
        ("name", "statuses"),
        [
            ("auth_login", "200 401 403 408 413 422 429 503"),
            ("deals_list", "200 304 401 403 422 429 503"),
            ("deals_update", "200 401 403 404 408 409 412 413 422 429 503"),
            ("prospects_retrieve", "200 301 304 400 401 403 404 429 503"),
            ("prospects_client_analytics", "200 304 401 403 422 429 503"),
            ("copomex_retrieve", "200 404 422 429 503"),
            ("public_forms_submit", "200 403 404 408 413 422 429 503"),
        ],
    )
    def test_tells_what_it_may_answer(self, name, statuses):
        assert " ".join(sorted(named()[name]["responses"])) == statuses

    def test_tells_which_headers_it_reads(self):
        def headers(name: str) -> set[str]:
            return {p["name"] for p in named()[name].get("parameters", ()) if p["in"] == "header"}

        assert headers("deals_create") == {"Idempotency-Key"}
        assert headers("quotes_approve") == {"Idempotency-Key"}
        assert headers("prospects_create") == {"Idempotency-Key"}
        assert headers("deals_move_stage") == {"Idempotency-Key", "If-Match"}
        assert headers("prospects_update") == {"If-Match"}
        assert headers("deals_list") == {"If-None-Match"}
        assert headers("auth_login") == set()

    def test_tells_which_answers_name_a_version(self):
        def tells(name: str, status: str = "200") -> bool:
            return "ETag" in named()[name]["responses"][status].get("headers", {})

        assert tells("deals_list")
        assert tells("deals_retrieve")
        assert tells("deals_create", "201")
        assert tells("deals_move_stage")
        assert tells("prospects_update")
        assert not tells("deals_delete")
        assert not tells("auth_login")


class TestRefusal:
    def test_is_shown_by_an_example_of_its_shape(self):
        for told in schema()["components"]["responses"].values():
            for content in told.get("content", {}).values():
                shape = ERROR_SHAPES[content["schema"]["$ref"].rpartition("/")[2]]
                jsonschema_rs.validate(shape, content["example"])


class TestExample:
    def test_of_the_contract_is_shown(self):
        sent = named()["deals_create"]["requestBody"]["content"]["application/json"]["example"]
        assert sent["name"] == "Consultoria Fiscal Q3 - Garcia & Asociados"
        shown = named()["deals_list"]["responses"]["200"]["content"]["application/json"]["example"]
        assert shown["data"][0]["stage_name"] == "Propuesta"

    def test_belongs_to_an_operation(self):
        assert set(json.loads(EXAMPLES.read_text())) <= set(named())

    def test_is_one_that_the_schema_allows(self):
        wrong = [
            f"{pointer}: {error.message}"
            for pointer, shown in examples()
            for error in validator(pointer, is_sent=True).iter_errors(shown)
        ]
        assert not wrong


def examples() -> Iterator[tuple[str, Any]]:
    """Each example, and where the shape stands that it is of."""
    for pointer, operation in operations().values():
        for place, told in (
            (f"{pointer}/requestBody", operation.get("requestBody", {})),
            *((f"{pointer}/responses/{n}", r) for n, r in operation["responses"].items()),
        ):
            for kind, content in told.get("content", {}).items():
                if "example" in content:
                    yield content_at(place, kind), content["example"]
