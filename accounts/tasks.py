import accounts.sessions.tasks  # noqa: F401
