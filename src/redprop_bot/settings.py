"""What the operator sets by environment or `.env`; read once, at the start, by `bootstrap` and `cli`.

No other room reads the environment. Every fault is reported with the variable's name, never with a secret's value.
"""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from redprop_bot.errors import ConfigError, Fault

OA_ORIGIN = "https://api.weixin.qq.com"
WORK_ORIGIN = "https://qyapi.weixin.qq.com"
AUTHORIZE_ORIGIN = "https://open.weixin.qq.com"

_PREFIX = "REDPROP_"
_NAME_IN_FILE = re.compile(r"^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=", re.MULTILINE)
_ALIKE = 0.8
_CALLBACK_WORD = r"^[A-Za-z0-9]{3,32}$"
_POSTGRES_FORM = re.compile(
    r"postgresql://([^/?#\s]*@)?(\[[0-9a-fA-F:.]+\]|[^/?#\s:@]*)(:\d{1,5})?(/[^\s]*)?(\?\S*)?"
)
_AES_FORM = r"^[A-Za-z0-9]{43}$"


def _pattern(value: SecretStr, pattern: str, what: str) -> SecretStr:
    if not re.fullmatch(pattern, value.get_secret_value()):
        raise ValueError(what)
    return value


def _origin(value: str) -> str:
    if (
        not value.startswith(("http://", "https://"))
        or value.count("/") > 3
        or value.split("//", 1)[1].rstrip("/").count("/")
    ):
        raise ValueError("应为 http(s)://主机[:端口]，不带路径")
    return value.rstrip("/")


class OfficialAccountSettings(BaseModel):
    """The WeChat Official Account (公众号); all of app id, secret, token are needed, the AES key unless plain."""

    model_config = ConfigDict(extra="forbid")

    app_id: str = Field(min_length=1)
    secret: SecretStr = Field(min_length=1)
    token: SecretStr
    mode: Literal["safe", "compat", "plain"] = "safe"  # before the key, which is judged by it
    aes_key: SecretStr | None = Field(default=None, validate_default=True)
    api_base: str = OA_ORIGIN
    authorize_base: str = AUTHORIZE_ORIGIN  # where browsers are sent to say who they are

    @field_validator("token")
    @classmethod
    def _check_token(cls, value: SecretStr) -> SecretStr:
        return _pattern(value, _CALLBACK_WORD, "应为 3–32 位字母或数字")

    @field_validator("aes_key")
    @classmethod
    def _check_key(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value:
            return _pattern(value, _AES_FORM, "应为 43 位字母或数字")
        mode = info.data.get("mode", "plain")  # a wrong mode is told by itself
        if mode != "plain":
            raise ValueError(f"缺少，{mode} 模式要用它")
        return None

    @field_validator("api_base", "authorize_base")
    @classmethod
    def _check_base(cls, value: str) -> str:
        return _origin(value)


class WorkSettings(BaseModel):
    """The WeCom application (企业微信自建应用)."""

    model_config = ConfigDict(extra="forbid")

    corp_id: str = Field(min_length=1)
    agent_id: int
    secret: SecretStr = Field(min_length=1)
    token: SecretStr
    aes_key: SecretStr
    api_base: str = WORK_ORIGIN
    authorize_base: str = AUTHORIZE_ORIGIN

    @field_validator("token")
    @classmethod
    def _check_token(cls, value: SecretStr) -> SecretStr:
        return _pattern(value, _CALLBACK_WORD, "应为 3–32 位字母或数字")

    @field_validator("aes_key")
    @classmethod
    def _check_key(cls, value: SecretStr) -> SecretStr:
        return _pattern(value, _AES_FORM, "应为 43 位字母或数字")

    @field_validator("api_base", "authorize_base")
    @classmethod
    def _check_base(cls, value: str) -> str:
        return _origin(value)


class Settings(BaseSettings):
    """One field per variable of the contract; the names are the variables without `REDPROP_`."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
    )

    database_url: str = "sqlite:///var/redprop.db"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    secret_key: SecretStr = SecretStr("")
    timezone: str = "Asia/Shanghai"
    scheduler: Literal["on", "off"] = "on"
    content_dir: Path | None = None
    media_dir: Path = Path("var/media")
    oa: OfficialAccountSettings | None = None
    work: WorkSettings | None = None
    demo: bool = False

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("不是时区名，例如 Asia/Shanghai") from error
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("应以 sqlite:/// 或 postgresql:// 开头")
        if value.startswith("sqlite:") and not Path(value.removeprefix("sqlite:///")).name:
            raise ValueError("缺少文件名，例如 sqlite:///var/redprop.db")
        if ":memory:" in value:
            raise ValueError("不能放在内存里，写一个文件，例如 sqlite:///var/redprop.db")
        if value.startswith("postgresql:") and not _POSTGRES_FORM.fullmatch(value):
            raise ValueError("应为 postgresql://用户:密码@主机[:端口]/库名")
        return value

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^/\s?#]+(/[^\s?#]*)?", value):
            raise ValueError("应为 http(s)://主机[:端口][/路径]")
        return value

    @field_validator("content_dir", mode="before")
    @classmethod
    def _unset(cls, value: Any) -> Any:
        return value or None  # an empty path would be the working directory, which nobody meant

    @field_validator("content_dir")
    @classmethod
    def _content(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("不是一个文件夹")
        return value

    @field_validator("secret_key")
    @classmethod
    def _secret(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 16:
            raise ValueError("至少 16 个字符")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which people live; stored times are UTC."""
        return ZoneInfo(self.timezone)

    @property
    def address(self) -> str:
        """The address that people and platforms reach, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


_WORDS: Mapping[str, str] = {
    "missing": "缺少",
    "extra_forbidden": "没有这个设置",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "bool_parsing": "应为 true 或 false",
    "string_too_short": "不能为空",
    "literal_error": "不是允许的值",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "too_short": "不能为空",
}


def load(env_file: str | None = ".env", **overrides: Any) -> Settings:
    """Read the settings; raise ConfigError with one fault per variable."""
    try:
        return Settings(_env_file=env_file, **overrides)
    except ValidationError as error:
        raise ConfigError(
            [_fault(item) for item in error.errors(include_input=False, include_url=False)]
        ) from None
    except UnicodeDecodeError:
        raise ConfigError([Fault(str(env_file), "不是 UTF-8 文本，请另存为 UTF-8")]) from None
    except ValueError:  # pydantic-settings cannot decode a nested value such as REDPROP_OA=...
        raise ConfigError([Fault("REDPROP_OA / REDPROP_WORK", "请逐项设置，例如 REDPROP_OA__APP_ID")]) from None


def unknown(env_file: str | None = ".env") -> dict[str, str]:
    """Names like ours in the environment and the file that no setting takes, with the one that was probably meant.

    Only names: what stands behind a mistyped one may be a secret.
    """
    given = set(os.environ)
    if env_file is not None and Path(env_file).is_file():
        given |= set(_NAME_IN_FILE.findall(Path(env_file).read_text("utf-8", "replace")))
    ours = {name.upper() for name in given if name.upper().startswith(_PREFIX)}
    known = _names()
    groups = tuple(f"{name}__" for name in ("REDPROP_OA", "REDPROP_WORK"))  # of those `load` says it
    lost = sorted(name for name in ours - known if not name.startswith(groups))
    return {name: next(iter(get_close_matches(name, known, 1, _ALIKE)), "") for name in lost}


def _names() -> set[str]:
    names = {_PREFIX + field.upper() for field in Settings.model_fields}
    for group, shape in (("OA", OfficialAccountSettings), ("WORK", WorkSettings)):
        names |= {f"{_PREFIX}{group}__{field.upper()}" for field in shape.model_fields}
    return names


def _fault(item: Any) -> Fault:
    name = "REDPROP_" + "__".join(str(part).upper() for part in item["loc"])
    what = _WORDS.get(item["type"]) or str(item["msg"]).removeprefix("Value error, ")
    if item["type"] == "literal_error":
        what += f" ({item['ctx']['expected']})"
    return Fault(name, what)
