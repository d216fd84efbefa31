"""Fill a tenant, measure it, show plans: `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import django

from core.embedded.errors import EmbeddedError
from core.embedded.options import default_data_dir
from core.embedded.services import lent


def main() -> int:
    """Do what the command line says; 1 with one line on stderr when it cannot be done."""
    options = parse(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings.dev")
    os.environ["CRM_DATA_DIR"] = str(options.data_dir.resolve())
    try:
        with lent(str(options.data_dir)):
            django.setup()
            perform(options)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    place = argparse.ArgumentParser(add_help=False)
    place.add_argument(
        "--data-dir",
        type=Path,
        default=default_data_dir(),
        help="of the bin/start that is measured (default: %(default)s)",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    _data_commands(commands, place)
    _measuring_commands(commands, place)
    return parser.parse_args(words)


def _data_commands(commands: Any, place: argparse.ArgumentParser) -> None:
    """The commands that make what is measured."""
    seed = commands.add_parser("seed", parents=[place], help="create the tenant `bench`")
    seed.add_argument("--prospects", type=int, default=1_000_000)
    seed.add_argument("--seed", type=int, default=1, help="the same seed makes the same cards")
    seed.add_argument("--drop", action="store_true", help="remove the tenant first if it exists")
    operations = commands.add_parser(
        "operations", parents=[place], help="give its clients recharges, tiers and shipments"
    )
    operations.add_argument("--shipments", type=int, default=10_000_000)
    operations.add_argument("--seed", type=int, default=1)
    deals = commands.add_parser("deals", parents=[place], help="give its people deals")
    deals.add_argument("--deals", type=int, default=200_000)
    documents = commands.add_parser(
        "documents", parents=[place], help="give its people quotes, invoices and payments"
    )
    documents.add_argument("--documents", type=int, default=200_000)
    commands.add_parser(
        "segments", parents=[place], help="say of its people what segments ask: towns, stages …"
    )


def _measuring_commands(commands: Any, place: argparse.ArgumentParser) -> None:
    run = commands.add_parser("run", parents=[place], help="measure and write RESULTS.md")
    run.add_argument(
        "names", nargs="*", metavar="NAME", help="measurements; all when none is named"
    )
    run.add_argument("--url", default="http://127.0.0.1:8000", help="default: %(default)s")
    run.add_argument("--rounds", type=int, default=30, help="default: %(default)s")
    memory = commands.add_parser(
        "memory", parents=[place], help="show the peak memory of planning files, CSV and XLSX"
    )
    memory.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    campaigns = commands.add_parser(
        "campaigns", parents=[place], help="send campaigns to nobody: mails a second, peak memory"
    )
    campaigns.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000])
    load = commands.add_parser(
        "load", parents=[place], help="let 220 people work for a while: benchmarks/load"
    )
    load.add_argument("--minutes", type=int, default=15)
    load.add_argument("--url", default="http://127.0.0.1:8000", help="default: %(default)s")
    load.add_argument("--locust", default="locust", help="the command (default: %(default)s)")
    commands.add_parser("explain", parents=[place], help="write every filter's plan: EXPLAIN.md")


def perform(options: argparse.Namespace) -> None:
    """Run one command. What needs Django's models is imported only now, when they are loaded."""
    if options.command == "seed":
        from benchmarks.seed import seed_tenant

        seed_tenant(prospects=options.prospects, seed=options.seed, drops=options.drop)
    elif options.command == "operations":
        from benchmarks.operations import seed_operations

        seed_operations(shipments=options.shipments, seed=options.seed)
    elif options.command == "deals":
        from benchmarks.deals import seed_deals

        seed_deals(deals=options.deals)
    elif options.command == "documents":
        from benchmarks.documents import seed_documents

        seed_documents(documents=options.documents)
    elif options.command == "segments":
        from benchmarks.segments import describe_people

        describe_people()
    else:
        _measure(options)


def _measure(options: argparse.Namespace) -> None:
    if options.command == "run":
        from benchmarks.run import run_measurements

        run_measurements(options.names, url=options.url, rounds=options.rounds)
    elif options.command == "memory":
        from benchmarks.memory import report_memory

        report_memory(options.rows)
    elif options.command == "campaigns":
        from benchmarks.figures.campaigns import report_campaigns

        report_campaigns(options.people)
    elif options.command == "load":
        from benchmarks.load.running import work_a_day

        work_a_day(url=options.url, minutes=options.minutes, locust=options.locust)
    else:
        from benchmarks.explain import explain_filters

        explain_filters()


if __name__ == "__main__":
    sys.exit(main())
