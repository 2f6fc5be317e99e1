"""The settings as frozen values, in groups; every constructor takes the group it needs.

Knows neither the environment nor files: `load.py` reads those.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AnyHttpUrl, BaseModel, BeforeValidator, ConfigDict, Field, IPvAnyNetwork, SecretStr

Seconds = Annotated[float, Field(gt=0, le=86_400 * 366)]

OWN_PROVIDERS: Final = frozenset({"lmstudio", "ollama", "openai_compat", "anthropic", "embedded", "guide"})
"""Names that a server of the house cannot bear."""
_SERVER_NAME: Final = re.compile(r"[a-z0-9_-]{1,32}")


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _by_name(value: object) -> object:
    if not isinstance(value, str):
        return value
    found: dict[str, str] = {}
    for entry in filter(None, (part.strip() for part in re.split(r"[,\n]", value))):
        name, _, given = (side.strip() for side in entry.partition("="))
        if not given or not _SERVER_NAME.fullmatch(name):
            raise ValueError("write name=value with commas between; a name has 1 to 32 of a-z, 0-9, _ and -")
        if name in OWN_PROVIDERS:
            raise ValueError("a name is one that OmniAI itself uses")
        if name in found:
            raise ValueError("a name stands there twice")
        found[name] = given
    return found


def _unlimited(value: object) -> object:
    return None if value == "unlimited" else value


def _seats(value: object) -> object:
    if not isinstance(value, str):
        return value
    pairs = [part.partition("=") if "=" in part else ("*", "=", part) for part in value.split(",") if part.strip()]
    return {name.strip(): _unlimited(number.strip()) for name, _, number in pairs}


Paths = Annotated[tuple[Path, ...], BeforeValidator(_split)]
CommaList = Annotated[tuple[str, ...], BeforeValidator(_split)]
Networks = Annotated[tuple[IPvAnyNetwork, ...], BeforeValidator(_split)]
UnlimitedCount = Annotated[int | None, Field(ge=0, le=2**53), BeforeValidator(_unlimited)]
SeatCount = Annotated[int, Field(ge=1, le=1_000_000)]
SeatCounts = Annotated[dict[str, SeatCount | None], BeforeValidator(_seats)]
"""By provider; the key `*` stands for every provider that is not named, None for as many as are asked for."""
type ByName[T] = Annotated[Mapping[str, T], BeforeValidator(_by_name)]
BaseUrl = Annotated[str, BeforeValidator(lambda value: str(AnyHttpUrl(value)).rstrip("/"))]


class Group(BaseModel):
    """A group of settings. A field's alias is its environment name without the prefix `OMNIAI_`."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)


class ServerSettings(Group):
    env: Literal["dev", "production"] = Field("dev", alias="ENV")
    host: str = Field("127.0.0.1", alias="HOST", min_length=1)
    port: int = Field(8787, alias="PORT", ge=0, le=65_535)
    data_dir: Path = Field(Path("data"), alias="DATA_DIR")
    web_dir: Path = Field(Path("frontend/dist"), alias="WEB_DIR")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", alias="LOG_LEVEL")
    public_url: BaseUrl | None = Field(None, alias="PUBLIC_URL")
    cors_origins: CommaList = Field((), alias="CORS_ORIGINS")
    allowed_hosts: CommaList = Field((), alias="ALLOWED_HOSTS")
    origin_lock_enabled: bool = Field(False, alias="ORIGIN_LOCK_ENABLED")
    origin_lock_secret: SecretStr | None = Field(None, alias="ORIGIN_LOCK_SECRET")
    client_ip_header: str = Field("X-Client-IP", alias="CLIENT_IP_HEADER", pattern=r"^[A-Za-z0-9-]{1,64}$")
    trusted_proxies: Networks = Field((), alias="TRUSTED_PROXIES")
    cookie_secure: bool | None = Field(None, alias="COOKIE_SECURE")
    cookie_partitioned: bool | None = Field(None, alias="COOKIE_PARTITIONED")
    cookie_same_site: Literal["lax", "strict", "none"] | None = Field(None, alias="COOKIE_SAME_SITE")
    request_timeout_seconds: Seconds = Field(15, alias="REQUEST_TIMEOUT_SECONDS")
    max_request_bytes: int = Field(1_048_576, alias="MAX_REQUEST_BYTES", ge=1_024, le=1_073_741_824)
    max_import_bytes: int = Field(536_870_912, alias="MAX_IMPORT_BYTES", ge=1_024, le=1_099_511_627_776)
    drain_seconds: Seconds = Field(20, alias="DRAIN_SECONDS")
    metrics_token: SecretStr | None = Field(None, alias="METRICS_TOKEN")


class DatabaseSettings(Group):
    """`url` None means `omniai.db` in the data folder."""

    url: SecretStr | None = Field(None, alias="DATABASE_URL")


class AuthSettings(Group):
    mode: Literal["auto", "bearer", "session"] = Field("auto", alias="AUTH_MODE")
    secret_key: SecretStr = Field(alias="SECRET_KEY")
    csrf_secret: SecretStr = Field(alias="CSRF_SECRET")
    audit_key: SecretStr = Field(alias="AUDIT_KEY")
    bootstrap_token: SecretStr = Field(alias="BOOTSTRAP_TOKEN")
    access_ttl_seconds: Seconds = Field(900, alias="ACCESS_TTL_SECONDS")
    session_idle_seconds: Seconds = Field(604_800, alias="SESSION_IDLE_SECONDS")
    session_absolute_seconds: Seconds = Field(2_592_000, alias="SESSION_ABSOLUTE_SECONDS")
    refresh_idle_seconds: Seconds = Field(604_800, alias="REFRESH_IDLE_SECONDS")
    refresh_grace_seconds: float = Field(10, alias="REFRESH_GRACE_SECONDS", ge=0, le=300)
    reauth_seconds: Seconds = Field(86_400, alias="REAUTH_SECONDS")
    argon2_memory_kib: int = Field(19_456, alias="ARGON2_MEMORY_KIB", ge=1_024, le=1_048_576)


class LimitSettings(Group):
    """Requests a minute, by class; `auth` and `anonymous` count by address, the others by person."""

    enabled: bool = Field(True, alias="RATE_LIMIT_ENABLED")
    auth: int = Field(10, alias="RATE_LIMIT_AUTH", ge=1, le=1_000_000)
    chat: int = Field(20, alias="RATE_LIMIT_CHAT", ge=1, le=1_000_000)
    write: int = Field(60, alias="RATE_LIMIT_WRITE", ge=1, le=1_000_000)
    read: int = Field(240, alias="RATE_LIMIT_READ", ge=1, le=1_000_000)
    anonymous: int = Field(60, alias="RATE_LIMIT_ANONYMOUS", ge=1, le=1_000_000)


class QuotaSettings(Group):
    """What a person may use in a UTC day unless an admin said otherwise; None, written `unlimited`, is no limit."""

    messages_per_day: UnlimitedCount = Field(200, alias="QUOTA_MESSAGES_PER_DAY")
    tokens_per_day: UnlimitedCount = Field(200_000, alias="QUOTA_TOKENS_PER_DAY")
    max_streams: int = Field(3, alias="MAX_STREAMS_PER_USER", ge=1, le=1_000)


class ProviderSettings(Group):
    """Model servers; `load_seconds` is what a model that is not in memory gets to its first token where
    that is to be more than any other gets, and `ollama_context_length` the most
    tokens that Ollama keeps in view of one conversation, since each costs memory."""

    lmstudio_base_url: BaseUrl = Field("http://127.0.0.1:1234/v1", alias="LMSTUDIO_BASE_URL")
    lmstudio_api_key: SecretStr | None = Field(None, alias="LMSTUDIO_API_KEY")
    ollama_base_url: BaseUrl | None = Field(None, alias="OLLAMA_BASE_URL")
    ollama_context_length: int = Field(16_384, alias="OLLAMA_CONTEXT_LENGTH", ge=1_024, le=16_777_216)
    openai_compat_base_url: BaseUrl | None = Field(None, alias="OPENAI_COMPAT_BASE_URL")
    openai_compat_api_key: SecretStr | None = Field(None, alias="OPENAI_COMPAT_API_KEY")
    openai_compat_servers: ByName[BaseUrl] = Field({}, alias="OPENAI_COMPAT_SERVERS")
    openai_compat_api_keys: ByName[SecretStr] = Field({}, alias="OPENAI_COMPAT_API_KEYS")
    anthropic_base_url: BaseUrl = Field("https://api.anthropic.com", alias="ANTHROPIC_BASE_URL")
    anthropic_api_key: SecretStr | None = Field(None, alias="ANTHROPIC_API_KEY")
    connect_seconds: Seconds = Field(3, alias="PROVIDER_CONNECT_SECONDS")
    first_token_seconds: Seconds = Field(60, alias="PROVIDER_FIRST_TOKEN_SECONDS")
    idle_seconds: Seconds = Field(30, alias="PROVIDER_IDLE_SECONDS")
    seats: SeatCounts = Field({}, alias="PROVIDER_SEATS")
    load_seconds: Seconds | None = Field(None, alias="PROVIDER_LOAD_SECONDS")


class EmbeddedSettings(Group):
    """The models that OmniAI runs itself.

    `models` are GGUF files and folders of them; loading puts the data folder's own `models` first. `context` counts
    the tokens of one answer and its question; each of the `slots`, answers side by side, takes memory for as many.
    """

    models: Paths = Field((), alias="EMBEDDED_MODELS")
    context: int = Field(8_192, alias="EMBEDDED_CONTEXT", ge=256, le=1_048_576)
    slots: int = Field(2, alias="EMBEDDED_SLOTS", ge=1, le=64)
    threads: int | None = Field(None, alias="EMBEDDED_THREADS", ge=1, le=1_024)
    models_in_memory: int = Field(1, alias="EMBEDDED_MODELS_IN_MEMORY", ge=1, le=64)
    load_seconds: Seconds = Field(300, alias="EMBEDDED_LOAD_SECONDS")
    first_token_seconds: Seconds = Field(300, alias="EMBEDDED_FIRST_TOKEN_SECONDS")
    unload_seconds: Seconds = Field(1_800, alias="EMBEDDED_UNLOAD_SECONDS")


class SelectionSettings(Group):
    default_provider: str | None = Field(None, alias="DEFAULT_PROVIDER")
    default_model: str | None = Field(None, alias="DEFAULT_MODEL")
    provider_priority: CommaList = Field((), alias="PROVIDER_PRIORITY")
    model_priority: CommaList = Field((), alias="MODEL_PRIORITY")


class ChatSettings(Group):
    max_message_chars: int = Field(200_000, alias="MAX_MESSAGE_CHARS", ge=1, le=10_000_000)
    ping_seconds: Seconds = Field(15, alias="STREAM_PING_SECONDS")
    resume_seconds: Seconds = Field(600, alias="STREAM_RESUME_SECONDS")
    detached_seconds: Seconds = Field(600, alias="GENERATION_DETACHED_SECONDS")
    context_tokens: int = Field(131_072, alias="CONTEXT_TOKENS", ge=256, le=100_000_000)
    """The window of models whose server does not tell it."""


class MemorySettings(Group):
    """What the server remembers of people who want that; `min_score` is how well a memory must fit, from 0 to 1.

    The `store` finds what is near a question in meaning; `embedding_model` names the model that knows meanings, alone
    or with its server before a slash, where it is not the first at home that is in memory."""

    enabled: bool = Field(True, alias="MEMORY_ENABLED")
    top_k: int = Field(6, alias="MEMORY_TOP_K", ge=1, le=50)
    min_score: float = Field(0.2, alias="MEMORY_MIN_SCORE", ge=0, le=1)
    store: Literal["sql", "chroma"] = Field("sql", alias="MEMORY_STORE")
    embedding_model: str | None = Field(None, alias="MEMORY_EMBEDDING_MODEL", max_length=300)


class KeepingSettings(Group):
    """How long conversations are kept: in the trash, at all where nobody pinned them, and temporary ones after the last
    word in them. `trash_days` 0 is no trash; `retention_days` None leaves it to each person."""

    trash_days: int = Field(30, alias="TRASH_DAYS", ge=0, le=3_650)
    retention_days: int | None = Field(None, alias="RETENTION_DAYS", ge=1, le=36_500)
    temporary_seconds: Seconds = Field(3_600, alias="TEMPORARY_SECONDS")


class BackupSettings(Group):
    """Backups that the server makes by itself; `every_hours` None for none, `folder` below the data folder unless it is
    absolute, `recipient` the age public key that they are encrypted for."""

    every_hours: float | None = Field(None, alias="BACKUP_EVERY_HOURS", gt=0, le=8_784)
    folder: Path = Field(Path("backups"), alias="BACKUP_DIR")
    keep: int = Field(7, alias="BACKUP_KEEP", ge=1, le=10_000)
    recipient: str | None = Field(None, alias="BACKUP_RECIPIENT", pattern=r"^age1[0-9a-z]{58}$")


class Settings(Group):
    server: ServerSettings
    database: DatabaseSettings
    auth: AuthSettings
    limits: LimitSettings
    quotas: QuotaSettings
    providers: ProviderSettings
    embedded: EmbeddedSettings
    selection: SelectionSettings
    chat: ChatSettings
    memory: MemorySettings
    keeping: KeepingSettings
    backup: BackupSettings
