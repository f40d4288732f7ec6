"""What an Official Account has: its menu, codes with scenes, followers, OAuth codes, drafts and publications.

Guesses, for want of a published source: the meaning of publish_status beyond 0 and 1; a draft is used up by
publishing it.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from redprop_bot.ports import Clock
from redprop_bot.simulated.oa_persons import Persons
from redprop_bot.simulated.server import ApiError, Handler, Payload, need

_TOP, _SUB = (3, 16, 40016, 40018), (5, 60, 40023, 40025)  # count, bytes of a name, their error codes
_CODE_LIFE = timedelta(minutes=5)
_TICKET_SECONDS = 7200
_PERMANENT_CODES = 100_000


@dataclass(slots=True)
class Visit:
    """An OAuth code given to a browser."""

    openid: str
    at: datetime
    scope: str
    snapshot: bool
    used: bool = False


@dataclass(slots=True)
class Job:
    """A publication under way; status 1 is going, 0 done."""

    articles: list[Mapping[str, Any]]
    status: int = 1
    article_id: str = ""


class Assets:
    """The APIs of what the account has; `outcome` is the publish_status that publications end with."""

    def __init__(self, clock: Clock, persons: Persons, forever: Callable[[str], bool]) -> None:
        self.menu: list[Mapping[str, Any]] | None = None
        self.templates: list[Mapping[str, str]] = []  # template_id, title, content
        self.notices: list[Mapping[str, Any]] = []  # priTmplId, title, content, type
        self.codes: dict[str, tuple[str, datetime | None]] = {}  # ticket: scene and end
        self.scenes: dict[str, tuple[datetime, str]] = {}  # openid: since when it follows, by which scene
        self.drafts: dict[str, list[Mapping[str, Any]]] = {}
        self.jobs: dict[str, Job] = {}
        self.outcome = 0
        self.submitted: Callable[[str], None] = lambda _publish_id: None
        self._clock, self._persons, self._forever = clock, persons, forever
        self._visits: dict[str, Visit] = {}
        self._ticket = ("", datetime.min.replace(tzinfo=clock.now().tzinfo))
        self._permanent = 0

    def handlers(self) -> Mapping[str, Handler]:
        """The POST APIs."""
        return {
            "menu/create": self._create_menu,
            "qrcode/create": self._create_code,
            "draft/add": self._draft,
            "freepublish/submit": self._publish,
            "freepublish/get": self._published,
        }

    def readers(self) -> Mapping[str, Handler]:
        """The GET APIs."""
        return {
            "menu/get": self._get_menu,
            "menu/delete": self._delete_menu,
            "template/get_all_private_template": lambda _query: {"template_list": self.templates},
            "/wxaapi/newtmpl/gettemplate": lambda _query: {"data": self.notices},
            "getcallbackip": lambda _query: {"ip_list": ["127.0.0.1", "101.226.62.77"]},
            "user/info": self._user,
            "user/get": self._users,
            "ticket/getticket": self._get_ticket,
        }

    # -- menu

    def _create_menu(self, payload: Payload) -> dict[str, Any]:
        buttons = need(payload, "button", list, 40016)
        _judge_buttons(buttons, *_TOP)
        for button in buttons:
            if "sub_button" in button:
                _judge_buttons(button["sub_button"], *_SUB)
        self.menu = buttons
        return {}

    def _get_menu(self, _query: Payload) -> dict[str, Any]:
        if self.menu is None:
            raise ApiError(46003, "menu no exist")
        return {"menu": {"button": self.menu, "menuid": 208396938}}

    def _delete_menu(self, _query: Payload) -> dict[str, Any]:
        self.menu = None
        return {}

    # -- codes with a scene

    def _create_code(self, payload: Payload) -> dict[str, Any]:
        action = need(payload, "action_name", str, 40035)
        scene = need(need(payload, "action_info", dict, 40035), "scene", dict, 40035)
        seconds = payload.get("expire_seconds", 60)
        permanent = "LIMIT" in action
        if action not in {"QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"}:
            raise ApiError(40035, "invalid action_name")
        if not isinstance(seconds, int) or not 1 <= seconds <= 2592000:
            raise ApiError(40035, "invalid expire_seconds")
        if "STR" in action:
            value = str(need(scene, "scene_str", str, "bad_action_info"))
            fits = len(value) <= 64
        else:
            number = need(scene, "scene_id", int, "bad_action_info")
            value, fits = str(number), 1 <= number <= (100_000 if permanent else 2**32 - 1)
        self._permanent += permanent
        if not fits or self._permanent > _PERMANENT_CODES:
            raise ApiError("bad_action_info", "invalid action info")
        ticket = secrets.token_urlsafe(60)
        self.codes[ticket] = value, None if permanent else self._clock.now() + timedelta(seconds=seconds)
        life = {} if permanent else {"expire_seconds": seconds}
        return {"ticket": ticket, **life, "url": f"http://weixin.qq.com/q/{secrets.token_urlsafe(12)}"}

    def scene(self, ticket: str) -> str:
        """What scanning the code gives; LookupError when it is unknown or over."""
        scene, until = self.codes[ticket]
        if until is not None and self._clock.now() >= until:
            raise LookupError("the code is over")
        return scene

    # -- persons

    def _user(self, query: Payload) -> dict[str, Any]:
        openid = query.get("openid", "")
        if openid not in self._persons.known:
            raise ApiError(40003, "invalid openid")
        if openid not in self._persons.followers:
            return {"subscribe": 0, "openid": openid}
        since, scene = self.scenes.get(openid, (self._clock.now(), ""))
        came = {"subscribe_scene": "ADD_SCENE_QR_CODE" if scene else "ADD_SCENE_SEARCH"}
        numbered = scene.isdecimal()
        by = {"qr_scene": int(scene) if numbered else 0, "qr_scene_str": "" if numbered else scene}
        told = {"language": "zh_CN", "subscribe_time": int(since.timestamp()), "remark": "", "groupid": 0}
        return {"subscribe": 1, "openid": openid, **told, "tagid_list": [], **came, **by}

    def _users(self, query: Payload) -> dict[str, Any]:
        after = query.get("next_openid", "")
        page = [openid for openid in sorted(self._persons.followers) if openid > after][:10_000]
        data = {"data": {"openid": page}} if page else {}
        last = page[-1] if page else ""
        return {"total": len(self._persons.followers), "count": len(page), **data, "next_openid": last}

    def visit(self, openid: str, *, scope: str = "snsapi_base", snapshot: bool = False) -> str:
        """The code with which a browser comes back from the platform."""
        code = secrets.token_urlsafe(24)
        self._visits[code] = Visit(openid, self._clock.now(), scope, snapshot)
        return code

    def exchange(self, query: Payload) -> dict[str, Any]:
        """`sns/oauth2/access_token`, without the check of id and secret."""
        visit = self._visits.get(query.get("code", ""))
        if visit is None:
            raise ApiError(40029, "invalid code")
        if visit.used:
            raise ApiError(40163, "code been used")
        if self._clock.now() - visit.at > _CODE_LIFE:
            raise ApiError(42003, "code expired")
        visit.used = True
        tokens = {"access_token": secrets.token_urlsafe(60), "refresh_token": secrets.token_urlsafe(60)}
        flag = {"is_snapshotuser": 1} if visit.snapshot else {}
        return {**tokens, "expires_in": 7200, "openid": visit.openid, "scope": visit.scope, **flag}

    def _get_ticket(self, query: Payload) -> dict[str, Any]:
        if query.get("type") != "jsapi":
            raise ApiError("bad_ticket_type", "invalid args")
        now = self._clock.now()
        if now >= self._ticket[1]:
            self._ticket = secrets.token_urlsafe(60), now + timedelta(seconds=_TICKET_SECONDS)
        return {"ticket": self._ticket[0], "expires_in": int((self._ticket[1] - now).total_seconds())}

    # -- publishing

    def _draft(self, payload: Payload) -> dict[str, Any]:
        articles = need(payload, "articles", list, 40035)
        if len(articles) > 8:
            raise ApiError(45008, "article count exceed limit")
        for article in articles:
            for name in ("title", "content"):
                need(article, name, str, 44004)
            if not self._forever(need(article, "thumb_media_id", str, 40007)):
                raise ApiError(40007, "invalid media_id")
        media_id = secrets.token_urlsafe(48)
        self.drafts[media_id] = articles
        return {"media_id": media_id}

    def _publish(self, payload: Payload) -> dict[str, Any]:
        articles = self.drafts.pop(need(payload, "media_id", str, 40007), None)
        if articles is None:
            raise ApiError("unknown_draft", "draft no exist")
        publish_id = str(2247483647 + len(self.jobs) + 1)
        self.jobs[publish_id] = Job(articles)
        self.submitted(publish_id)
        return {"publish_id": publish_id, "msg_data_id": publish_id}

    def end(self, publish_id: str) -> dict[str, Any]:
        """The job is over: the fields of PUBLISHJOBFINISH."""
        job = self.jobs[publish_id]
        job.status, job.article_id = self.outcome, "" if self.outcome else secrets.token_urlsafe(32)
        status = {"publish_id": publish_id, "publish_status": job.status}
        return {"PublishEventInfo": {**status, **({} if job.status else self._articles(job))}}

    def _published(self, payload: Payload) -> dict[str, Any]:
        publish_id = str(payload.get("publish_id", ""))
        job = self.jobs.get(publish_id)
        if job is None:
            raise ApiError("unknown_publish_id", "publish_id no exist")
        done = self._articles(job) if job.status == 0 else {"fail_idx": [] if job.status == 1 else [1]}
        return {"publish_id": publish_id, "publish_status": job.status, **done}

    def _articles(self, job: Job) -> dict[str, Any]:
        where = f"https://mp.weixin.qq.com/s/{job.article_id}"
        items = [{"idx": at, "article_url": f"{where}?idx={at}"} for at in range(1, len(job.articles) + 1)]
        return {"article_id": job.article_id, "article_detail": {"count": len(items), "item": items}}


def _judge_buttons(buttons: Any, most: int, name_bytes: int, count_code: int, name_code: int) -> None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= most:
        raise ApiError(count_code, "invalid button size")
    for button in buttons:
        if len(need(button, "name", str, name_code).encode()) > name_bytes:
            raise ApiError(name_code, "invalid button name size")
        if "sub_button" not in button:
            kind = need(button, "type", str, "bad_button_type")
            where = "url" if kind in {"view", "miniprogram"} else "key"
            if kind not in {"media_id", "view_limited", "article_id", "article_view_limited"}:
                need(button, where, str, f"bad_button_{where}")
