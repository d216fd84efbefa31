"""pip for a Python that comes without ensurepip, as Debian's does. Standard library only."""

import hashlib
import os
import re
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

from core.embedded.errors import EmbeddedError

WHEEL = "pip-26.3-py3-none-any.whl"
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
INDEX = "https://pypi.org/simple"
ADVICE = "this Python has no ensurepip (on Debian: apt-get install python3-venv)"


def install_pip(venv: Path) -> None:
    """Fetch the pinned pip from the package index and let it install itself.

    Raises EmbeddedError.
    """
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(folder, WHEEL)
        wheel.write_bytes(fetch())
        words = [str(venv / "bin" / "python"), f"{wheel}/pip", "install", "--no-index", str(wheel)]
        done = subprocess.run(words, check=False, capture_output=True)
    if done.returncode != 0:
        raise EmbeddedError(f"{ADVICE}, and pip could not be installed without it")


def fetch() -> bytes:
    """The wheel, if the index has it and it is the one we know. Raises EmbeddedError."""
    index = os.environ.get("PIP_INDEX_URL", INDEX).rstrip("/") + "/pip/"
    try:
        with urlopen(index, timeout=30) as page:
            link = re.search(rf'href="([^"#]*{re.escape(WHEEL)})', page.read().decode())
        if link is None:
            raise EmbeddedError(f"{ADVICE}, and {index} has no {WHEEL}")
        with urlopen(urljoin(index, link[1]), timeout=60) as file:
            content: bytes = file.read()
    except OSError as error:
        raise EmbeddedError(f"{ADVICE}, and {index} does not answer: {error}") from None
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise EmbeddedError(f"{ADVICE}, and the {WHEEL} of {index} is not the one that we know")
    return content
