"""How much of the machine the embedded PostgreSQL takes."""

import os
from pathlib import Path

GIB = 1024**3
CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def memory() -> int:
    """Bytes of memory we may use: the machine's, or the container's limit."""
    sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in CGROUP_LIMITS:
        try:
            sizes.append(int(path.read_text()))
        except (OSError, ValueError):  # no such limit, or "max"
            continue
    return min(sizes)


def server_settings(*, durable: bool, available: int) -> dict[str, str]:
    """PostgreSQL's settings for `available` bytes of memory.

    Not `durable` trades safety at power loss for speed.
    """
    settings = {
        "max_connections": "100",
        "shared_buffers": "512MB" if available >= 4 * GIB else "128MB",
        "effective_cache_size": f"{max(available // 2, GIB // 4) // 1024**2}MB",
        "work_mem": "16MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "shared_preload_libraries": "pg_stat_statements",
        "unix_socket_directories": "",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return settings
