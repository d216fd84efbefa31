"""Measure what is asked for and write it down."""

from __future__ import annotations

import os
import shlex
import sys

from django.utils import timezone

from benchmarks.bench import Bench, open_bench
from benchmarks.figures import FIGURES
from benchmarks.machine import facts
from benchmarks.measure import Contest, Result, measure
from benchmarks.report import section, write_results
from core.embedded.errors import EmbeddedError


def run_measurements(names: list[str], *, url: str, rounds: int) -> None:
    """Measure the named figures, all if none is named; each is written when it is done.

    :raises EmbeddedError: an unknown name, nothing to measure, or a door that fails.
    """
    unknown = set(names) - set(FIGURES)
    if unknown:
        raise EmbeddedError(f"no measurement {min(unknown)}; there are {', '.join(FIGURES)}")
    with open_bench(url) as bench:
        for name in names or FIGURES:
            print(name, flush=True)
            allowed, contests = FIGURES[name]
            conditions = _conditions(bench)
            results = [_measured(each, rounds) for each in contests(bench)]
            text = section(name, allowed, f"{conditions} {_rounds(results)}", results)
            write_results(facts(bench.database), {name: text}, list(FIGURES))


def _measured(contest: Contest, rounds: int) -> Result:
    result = measure(contest, rounds)
    print(
        f"  {contest.title}, {contest.caller}: {result.door:,.1f} ms, ratio {result.ratio:.2f}, "
        f"at most {result.allowed:,.1f} ms: {'pass' if result.passes else 'MISS'}",
        flush=True,
    )
    for remark in result.remarks:
        print(f"  {remark}", flush=True)
    return result


def _conditions(bench: Bench) -> str:
    """When, how, and with what else on the machine."""
    # Where it was measured is nobody else's business.
    words = [
        word for word in sys.argv[1:] if not word.startswith(("--data-dir", "--url", "/", "http"))
    ]
    command = shlex.join(["python", "-m", "benchmarks", *words])
    return (
        f"{timezone.now():%Y-%m-%d %H:%M} UTC, `{command}`, {bench.cards:,} cards, load average "
        f"{os.getloadavg()[0]:.1f} before."
    )


def _rounds(results: list[Result]) -> str:
    return f"{min(result.rounds for result in results)} rounds."
