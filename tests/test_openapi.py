from __future__ import annotations

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator


class TestSchema:
    def test_is_generated_without_a_warning(self):
        GENERATOR_STATS.reset()
        SchemaGenerator().get_schema(request=None, public=True)
        assert not GENERATOR_STATS._warn_cache
        assert not GENERATOR_STATS._error_cache

    def test_tells_what_bodies_are_made_of(self):
        schema = SchemaGenerator().get_schema(request=None, public=True)
        bodies = {
            kind
            for operations in schema["paths"].values()
            for operation in operations.values()
            for kind in operation.get("requestBody", {}).get("content", ())
        }
        assert bodies == {"application/json", "image/*", "multipart/form-data"}

    @pytest.mark.django_db
    @pytest.mark.parametrize("path", ["/api/schema", "/api/docs"])
    def test_and_its_pages_are_open_to_everybody(self, client, path):
        assert client.get(path).status_code == 200

    @pytest.mark.django_db
    def test_page_loads_nothing_from_elsewhere(self, client):
        page = client.get("/api/docs").content.decode()
        assert "https://" not in page
