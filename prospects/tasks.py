import prospects.counts.tasks
import prospects.imports.tasks  # noqa: F401
