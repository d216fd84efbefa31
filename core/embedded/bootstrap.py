"""What bin/start and bin/test do first, with any Python: see to `.venv`, then go on inside it.

Standard library only.
"""

import os
import sys

from core.embedded.errors import EmbeddedError
from core.embedded.options import ROOT, claimed, parse
from core.embedded.signals import Stopped, stopping
from core.embedded.virtualenv import prepare


def main() -> None:
    """`bootstrap start|test [arguments]`: install, then become the command itself."""
    command, words = sys.argv[1], sys.argv[2:]
    try:
        with stopping():
            python = prepare(
                ROOT, check_start(words) if command == "start" else "requirements-dev.txt"
            )
    except Stopped:
        sys.exit("Stopped; the next run goes on from here.")
    except EmbeddedError as error:
        sys.exit(f"bin/{command}: {error}")
    module = "start" if command == "start" else "suite"
    os.execv(python, [str(python), "-P", "-m", f"core.embedded.{module}", *words])


def check_start(words: list[str]) -> str:
    """The requirements of this start.

    What cannot work is refused here, before minutes go into an installation.
    """
    with claimed(parse(words)):
        pass
    has_both = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    return "requirements.txt" if has_both else "requirements-local.txt"


if __name__ == "__main__":
    main()
