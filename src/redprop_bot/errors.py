"""Every error the product raises on purpose, drawn once.

RedpropError
├── ConfigError          settings, content or roster are wrong: the start stops, exit 2
│   └── ContentError     one or more faults in data files, each with file and line
├── Refused              a person or a client asked for what may not be: nothing changed
│   ├── NotFound         404  no such thing, or not for this viewer
│   ├── Forbidden        403  the role does not allow it
│   ├── Conflict         409  the stage, the version or a twin does not allow it
│   └── Invalid          422  a field is missing or wrong
├── CallbackFault        a delivery from a platform that cannot be trusted or read
│   ├── Untrusted        403
│   ├── Malformed        400
│   └── TooBig           413
├── MediaFault           a picture, voice or video that is not kept
│   ├── BadMedia         not what it should be: refused for good
│   └── StorageFault     the place for files is full or away: tried again
└── PlatformError        a call to a platform failed
    ├── PlatformBusy     worth another try later
    │   ├── PlatformAway     no connection came about: it has heard nothing of it
    │   └── PlatformLimited  a quota is used up: not before `until`
    ├── PlatformRefused  the platform said no for good
    │   ├── WindowClosed     the time or the count in which this person may be written to is over
    │   ├── NotGranted       the person has not (or no longer) granted this kind of message
    │   ├── Unreachable      no such person, or one who does not follow or has blocked the account
    │   ├── ContentRefused   too long, empty, of the wrong kind: other words may pass
    │   └── NotEntitled      the account may not use this API, or is banned from it
    └── CredentialError  token or secret not accepted
        └── AddressRefused   our address is not on the account's list of trusted ones

An error carries a stable `code`; its wording for people lives in `data/replies/` under `error.<code>`.
Errors may not import anything of the product, and never carry a secret.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


class RedpropError(Exception):
    """Something the product names itself."""

    code = "error"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: where it stands and what is wrong there."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class ConfigError(RedpropError):
    """The configuration is wrong; `faults` has one entry per fault."""

    code = "config"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class ContentError(ConfigError):
    """Data files of a community are wrong; all faults are reported at once."""

    code = "content"


class Refused(RedpropError):
    """What was asked for may not be done; nothing has changed."""

    code = "refused"
    status = 400

    def __init__(self, code: str | None = None, *, field: str | None = None, **slots: Any) -> None:
        self.code = code or type(self).code
        self.field = field
        self.slots = slots
        super().__init__(f"{self.code} {slots}" if slots else self.code)


class NotFound(Refused):
    """No such thing, or none that this viewer may see."""

    code = "not_found"
    status = 404


class Forbidden(Refused):
    """The role of the actor does not allow it."""

    code = "forbidden"
    status = 403


class Conflict(Refused):
    """The present state does not allow it."""

    code = "conflict"
    status = 409


class Invalid(Refused):
    """A field is missing or has a value that cannot be."""

    code = "invalid"
    status = 422


class CallbackFault(RedpropError):
    """A delivery that is not answered; `status` is the HTTP status, the body says nothing."""

    code = "callback"
    status = 400


class Untrusted(CallbackFault):
    """Signature, time window, receiver or replay check failed."""

    code = "untrusted"
    status = 403


class Malformed(CallbackFault):
    """Not the XML that the platforms send."""

    code = "malformed"
    status = 400


class TooBig(CallbackFault):
    """The body is larger than any platform message."""

    code = "too_big"
    status = 413


class MediaFault(RedpropError):
    """A picture, voice or video that is not kept, for now or for good."""

    code = "media_fault"


class BadMedia(MediaFault):
    """Not what it should be; `why` is one of: kind, broken, bomb, too_big, active (it would run)."""

    code = "bad_media"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class StorageFault(MediaFault):
    """The place for files did not take or give something; the text is the system's name for the fault."""

    code = "storage"


class PlatformError(RedpropError):
    """A platform call failed: `api` path, `errcode`, `rid` when given; never a token."""

    code = "platform"

    def __init__(self, api: str, errcode: int | None = None, message: str = "", rid: str | None = None) -> None:
        self.api, self.errcode, self.message, self.rid = api, errcode, message, rid
        super().__init__(f"{api} errcode={errcode} {message}" + (f" rid={rid}" if rid else ""))


class PlatformBusy(PlatformError):
    """No answer, 5xx, errcode -1 or a minute limit: the same call may pass later."""

    code = "platform_busy"


class PlatformAway(PlatformBusy):
    """No connection or no token came about, so the platform heard nothing of the call: surely nothing was sent."""

    code = "platform_away"


class PlatformLimited(PlatformBusy):
    """A daily or minute quota of one API is used up; `until` is the moment (UTC) from which it may pass again."""

    code = "platform_limited"

    def __init__(
        self,
        api: str,
        errcode: int | None = None,
        message: str = "",
        rid: str | None = None,
        until: datetime | None = None,
    ) -> None:
        super().__init__(api, errcode, message, rid)
        self.until = until


class PlatformRefused(PlatformError):
    """The platform understood and said no: the same call will not pass."""

    code = "platform_refused"


class WindowClosed(PlatformRefused):
    """Too long since the person's last act, or as many messages as one act allows: another road, or wait."""

    code = "window_closed"


class NotGranted(PlatformRefused):
    """The person did not agree to this template, took it back, or the single grant is used."""

    code = "not_granted"


class Unreachable(PlatformRefused):
    """No such person here, not following, or the account is on their blacklist."""

    code = "unreachable"


class ContentRefused(PlatformRefused):
    """Something in the message is too long, empty, or not of its kind; found by us or by the platform."""

    code = "content_refused"


class NotEntitled(PlatformRefused):
    """The account's kind does not have this API, or the account is limited or banned."""

    code = "not_entitled"


class CredentialError(PlatformError):
    """Token, secret or address list not accepted."""

    code = "credential"


class AddressRefused(CredentialError):
    """Our address is not on the account's list of trusted ones, or waits for its administrator."""

    code = "address_refused"
