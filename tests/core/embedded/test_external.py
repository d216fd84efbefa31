"""Services that the operator runs."""

import pytest

from core.embedded.errors import EmbeddedError
from core.embedded.external import check_broker, check_database
from core.embedded.ports import free_port


class TestCheckDatabase:
    def test_says_in_one_line_that_nothing_answers(self) -> None:
        url = f"postgresql://crm:hidden@127.0.0.1:{free_port()}/crm"
        with pytest.raises(EmbeddedError) as refusal:
            check_database(url)
        words = str(refusal.value)
        assert words.startswith("the database of DATABASE_URL does not answer")
        assert "\n" not in words
        assert "hidden" not in words

    @pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://x", "nonsense"])
    def test_refuses_other_databases(self, url: str) -> None:
        with pytest.raises(EmbeddedError, match="must be a PostgreSQL address"):
            check_database(url)

    def test_refuses_an_address_it_cannot_read(self) -> None:
        with pytest.raises(EmbeddedError, match="does not answer"):
            check_database("postgresql://[")


class TestCheckBroker:
    @pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "nonsense", "redis://[", ""])
    def test_says_in_one_line_that_nothing_answers(self, url: str) -> None:
        with pytest.raises(EmbeddedError, match="the broker of REDIS_URL does not answer") as no:
            check_broker(url)
        assert "\n" not in str(no.value)
