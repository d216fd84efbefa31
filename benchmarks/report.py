"""RESULTS.md: the machine's facts, and a section for each measurement."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.measure import Result

RESULTS = Path(__file__).parent / "RESULTS.md"
INTRODUCTION = """# Results

`python -m benchmarks seed` fills a tenant beside a running `bin/start`, `python -m benchmarks run`
writes this file; with names it measures only these and keeps the other sections.

Each row is one of the product's doors beside what it is measured against, taken in turns in the
same run. Times are medians in milliseconds; the door's contain HTTP over one kept connection,
sign-in, rights and JSON. "Ratio" is the door over the first bare time; "at most" is what the rule
above the table allows. Compare ratios, not times: they depend on the machine.

"""
HEAD = """| what | as | door | bare | ratio | at most | |
|---|---|--:|---|--:|--:|---|
"""


def section(name: str, allowed: str, conditions: str, results: list[Result]) -> str:
    """One measurement as Markdown."""
    rows = "".join(map(_row, results))
    remarks = "".join(f"\n{remark}\n" for result in results for remark in result.remarks)
    return f"## {name}\n\n{allowed}\n\n{conditions}\n\n{HEAD}{rows}{remarks}"


def _row(result: Result) -> str:
    contest = result.contest
    bare = "; ".join(
        f"{each.label} {_ms(took)}" for each, took in zip(contest.bare, result.bare, strict=True)
    )
    verdict = "pass" if result.passes else "**miss**"
    return (
        f"| {contest.title} | {contest.caller} | {_ms(result.door)} | {bare} "
        f"| {result.ratio:.2f} | {_ms(result.allowed)} | {verdict} |\n"
    )


def write_results(facts: dict[str, str], sections: dict[str, str], order: list[str]) -> None:
    """Write the file: new facts, the new sections, and the old ones of other measurements."""
    known = {**old_sections(), **sections}
    # What is measured by a command of its own stands behind the others.
    names = [*(name for name in order if name in known), *sorted(known.keys() - set(order))]
    body = "\n".join(known[name].strip() + "\n" for name in names)
    table = "".join(f"- {name}: {fact}\n" for name, fact in facts.items())
    RESULTS.write_text(f"{INTRODUCTION}{table}\n{body}", encoding="utf-8")


def old_sections() -> dict[str, str]:
    """The sections that stand in the file, by name."""
    if not RESULTS.exists():
        return {}
    parts = re.split(r"^(?=## )", RESULTS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {part.split("\n", 1)[0].removeprefix("## "): part for part in parts[1:]}


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:,.1f}" if milliseconds >= 10 else f"{milliseconds:.2f}"
