from __future__ import annotations

import os
import sys
import time

import pytest

from tests.fuzz.callers import EMAILS, Callers
from tests.fuzz.conftest import CRON_TOKEN
from tests.fuzz.requesting import Fuzz

MINUTES = float(os.environ.get("CRM_FUZZ_MINUTES", "3.5"))
SEED = int(os.environ.get("CRM_FUZZ_SEED", "1"))


class TestEveryOperation:
    def test_answers_whatever_is_sent_by_whomever_as_the_schema_says(self, product, capsys):
        callers = Callers(product, CRON_TOKEN)
        fuzz = Fuzz(product, callers, SEED)
        rounds = fuzz.go_on_until(time.monotonic() + MINUTES * 60)
        with capsys.disabled():
            sys.stdout.write(f"\n{fuzz.sent} requests in {rounds} rounds: {fuzz.statuses}\n")
        assert all(callers.me(role) for role in EMAILS)  # nobody was locked out
        told = [f"{name}, {kind}: {text}" for (name, kind), text in fuzz.failures.items()]
        if told:
            pytest.fail(f"{len(told)} answers are not as the schema says:\n\n" + "\n\n".join(told))
