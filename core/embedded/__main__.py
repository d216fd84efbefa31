"""`python -m core.embedded up|down|status|env [--data-dir DIR]`: the services by hand."""

import argparse
import os
import sys
from pathlib import Path

from core.embedded.datadir import open_data_dir
from core.embedded.errors import EmbeddedError
from core.embedded.services import Services, environment

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Do what the command line says; 1 with one line on stderr when it cannot be done."""
    arguments = parse()
    try:
        return run(arguments.command, arguments.data_dir)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m core.embedded", description="The embedded database and broker."
    )
    parser.add_argument("command", choices=("up", "down", "status", "env"))
    default = os.environ.get("CRM_DATA_DIR") or str(ROOT / ".data")
    parser.add_argument(
        "--data-dir", default=default, help="where they live (default: %(default)s)"
    )
    return parser.parse_args()


def run(command: str, data_dir: str) -> int:
    if command == "env":
        for name, value in environment(data_dir).items():
            print(f"{name}={value}")
        return 0
    services = Services(open_data_dir(data_dir))
    if command == "up":
        services.keep()
    if command == "down":
        services.release()
    status = services.status()
    for name, running in status.items():
        print(f"{name.removesuffix('_URL').lower()}: {'running' if running else 'stopped'}")
    return 0 if command != "status" or all(status.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
