import prospects.imports.tasks  # noqa: F401
