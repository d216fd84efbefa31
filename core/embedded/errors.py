"""What can go wrong before Django speaks."""


class EmbeddedError(Exception):
    """A start that cannot go on; its text is the one line the operator reads."""
