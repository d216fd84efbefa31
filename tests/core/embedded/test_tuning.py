"""How much of the machine PostgreSQL takes."""

from core.embedded.tuning import GIB, memory, server_settings


class TestServerSettings:
    def test_takes_a_large_buffer_of_a_large_machine(self) -> None:
        assert server_settings(durable=True, available=16 * GIB)["shared_buffers"] == "512MB"

    def test_stays_small_on_a_small_machine(self) -> None:
        settings = server_settings(durable=True, available=GIB)
        assert settings["shared_buffers"] == "128MB"
        assert settings["effective_cache_size"] == "512MB"

    def test_keeps_what_it_promises_where_data_must_last(self) -> None:
        assert "fsync" not in server_settings(durable=True, available=GIB)

    def test_gives_safety_away_for_tests_only(self) -> None:
        assert server_settings(durable=False, available=GIB)["fsync"] == "off"


class TestMemory:
    def test_is_that_of_this_machine(self) -> None:
        assert memory() > GIB // 8
