"""Trouble on demand: what an API of the twin does instead of its work. When to make it is the test's affair."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way to misbehave: an error code, an HTTP status, any body, a delay before it, or a cut connection.

    pace: seconds between the single bytes of `body`, for one that comes and comes. cut with a body: in its middle.
    """

    errcode: int | None = None
    errmsg: str = "simulated trouble"
    status: int = 200
    body: bytes | None = None
    delay: float = 0.0
    cut: bool = False
    pace: float = 0.0
    content_type: str = "application/octet-stream"

    @property
    def replaces_work(self) -> bool:
        """Whether the API answers this instead of doing its work; a mere delay does not."""
        return self.errcode is not None or self.status != 200 or self.body is not None or self.cut


HTML = Trouble(body=b"<html><body>502 Bad Gateway</body></html>")


class Faults:
    """Troubles waiting, by API path without `cgi-bin/`."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[Trouble, float]]] = {}

    def add(self, api: str, trouble: Trouble, times: int | None = 1) -> None:
        """The next `times` calls of the API meet it; None: until `clear`."""
        self._waiting.setdefault(api, []).append((trouble, float("inf") if times is None else times))

    def clear(self) -> None:
        """No more trouble."""
        self._waiting.clear()

    def take(self, api: str) -> Trouble | None:
        """The trouble that the present call meets."""
        queue = self._waiting.get(api)
        if not queue:
            return None
        trouble, left = queue.pop(0)
        if left > 1:
            queue.insert(0, (trouble, left - 1))
        return trouble
