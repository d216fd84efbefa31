"""One connection to the mail server for many mails."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from core.mail_answers import Verdict, verdict_on
from core.mail_server import connected, part


class Courier:
    """Hands mails over, one after the other, on a connection that is made anew when it broke.

    A server may end a connection between two mails as it likes. What breaks before the text of a
    mail was begun was surely not taken.
    """

    def __init__(self) -> None:
        self._connection: Any = None
        self._has_begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.hang_up()

    def get_ready(self) -> None:
        """Connect, if that is still to be done.

        :raises Exception: the server does not answer, or not as it should.
        """
        if self._connection is None:
            self._connection = connected()
            self._notice_texts()

    def hand_over(self, letter: Any) -> None:
        """Give a mail to the server.

        :raises Exception: it was not taken, or that is not known; `verdict` judges.
        """
        smtp = getattr(self._connection, "connection", None)
        self._has_begun = not hasattr(smtp, "data")
        letter.connection = self._connection
        letter.send()

    def verdict(self, error: Exception) -> Verdict:
        """Judge what went wrong with the last mail."""
        verdict = verdict_on(error)
        is_open = verdict is Verdict.UNCLEAR
        return Verdict.LATER if is_open and not self._has_begun else verdict

    def hang_up(self) -> None:
        """End the connection; the next mail makes a new one."""
        if self._connection is not None:
            part(self._connection)
            self._connection = None

    def _notice_texts(self) -> None:
        """Of SMTP, notice when the text of a mail begins."""
        smtp = getattr(self._connection, "connection", None)
        data = getattr(smtp, "data", None)
        if data is None:
            return

        def noticed(text: Any) -> Any:
            self._has_begun = True
            return data(text)

        smtp.data = noticed  # type: ignore[union-attr]
