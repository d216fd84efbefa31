"""TCP ports of this machine."""

import errno
import os
import socket

from core.embedded.errors import EmbeddedError


def free_port(host: str = "127.0.0.1") -> int:
    """A port that is free at this moment."""
    with socket.socket(family(host)) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def check_port(host: str, port: int) -> None:
    """Raises EmbeddedError when nothing can listen there.

    Taken, not permitted, or not an address of this machine.
    """
    try:
        with socket.socket(family(host)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise EmbeddedError(
                f"port {port} of {host} is taken; choose another with --port"
            ) from None
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise EmbeddedError(f"cannot listen on port {port} of {host}: {reason}") from None


def family(host: str) -> socket.AddressFamily:
    """The address family of a name or address.

    Raises OSError for a name that means nothing here.
    """
    return socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][0]
