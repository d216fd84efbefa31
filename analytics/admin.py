import analytics.snapshots.admin  # noqa: F401
