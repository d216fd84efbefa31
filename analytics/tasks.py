from analytics.leads import tasks  # noqa: F401
