import sales.contacts.tasks  # noqa: F401
