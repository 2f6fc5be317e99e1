"""The settings as frozen values, in groups; every constructor takes the group it needs.

Knows neither the environment nor files: `load.py` reads those.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

Seconds = Annotated[float, Field(gt=0, le=86_400 * 366)]


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


CommaList = Annotated[tuple[str, ...], BeforeValidator(_split)]
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
    max_request_bytes: int = Field(1_048_576, alias="MAX_REQUEST_BYTES", ge=1_024, le=1_073_741_824)
    drain_seconds: Seconds = Field(20, alias="DRAIN_SECONDS")


class DatabaseSettings(Group):
    """`url` None means `omniai.db` in the data folder."""

    url: SecretStr | None = Field(None, alias="DATABASE_URL")


class AuthSettings(Group):
    mode: Literal["auto", "bearer", "session"] = Field("auto", alias="AUTH_MODE")
    secret_key: SecretStr = Field(alias="SECRET_KEY")
    csrf_secret: SecretStr = Field(alias="CSRF_SECRET")
    bootstrap_token: SecretStr = Field(alias="BOOTSTRAP_TOKEN")
    access_ttl_seconds: Seconds = Field(900, alias="ACCESS_TTL_SECONDS")
    session_idle_seconds: Seconds = Field(604_800, alias="SESSION_IDLE_SECONDS")
    session_absolute_seconds: Seconds = Field(2_592_000, alias="SESSION_ABSOLUTE_SECONDS")
    refresh_idle_seconds: Seconds = Field(604_800, alias="REFRESH_IDLE_SECONDS")
    refresh_grace_seconds: float = Field(10, alias="REFRESH_GRACE_SECONDS", ge=0, le=300)
    argon2_memory_kib: int = Field(19_456, alias="ARGON2_MEMORY_KIB", ge=1_024, le=1_048_576)


class ProviderSettings(Group):
    lmstudio_base_url: BaseUrl = Field("http://127.0.0.1:1234/v1", alias="LMSTUDIO_BASE_URL")
    lmstudio_api_key: SecretStr | None = Field(None, alias="LMSTUDIO_API_KEY")
    openai_compat_base_url: BaseUrl | None = Field(None, alias="OPENAI_COMPAT_BASE_URL")
    openai_compat_api_key: SecretStr | None = Field(None, alias="OPENAI_COMPAT_API_KEY")
    connect_seconds: Seconds = Field(3, alias="PROVIDER_CONNECT_SECONDS")
    first_token_seconds: Seconds = Field(60, alias="PROVIDER_FIRST_TOKEN_SECONDS")
    idle_seconds: Seconds = Field(30, alias="PROVIDER_IDLE_SECONDS")


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


class Settings(Group):
    server: ServerSettings
    database: DatabaseSettings
    auth: AuthSettings
    providers: ProviderSettings
    selection: SelectionSettings
    chat: ChatSettings
