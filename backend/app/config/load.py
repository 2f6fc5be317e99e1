"""Reads the environment, `.env`, secret files and the secrets made at the first start; refuses what cannot work.

Used by `main` and `cli` only. A message names the setting and never its value.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError

from app.config.settings import Group, ServerSettings, Settings

PREFIX: Final = "OMNIAI_"
FILE_SUFFIX: Final = "_FILE"
SECRETS: Final = ("SECRET_KEY", "CSRF_SECRET", "AUDIT_KEY", "BOOTSTRAP_TOKEN")
MIN_SECRET_CHARS: Final = 32
MODELS_FOLDER: Final = "models"
UNBUILT: Final = frozenset(
    {
        "INVITE_ONLY",
        "REDIS_URL",
    }
)
"""Settings of the wire contract whose feature is not there yet: a warning, not a refusal."""


class SettingsError(Exception):
    """A setting that cannot work. Its text is one line for the person who starts the server."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings and what the person who starts the server should know about them."""

    settings: Settings
    warnings: tuple[str, ...]


def project_root() -> Path:
    """The repository root when run from a checkout, else the working folder."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "backend" / "pyproject.toml").is_file() else Path.cwd()


def load(environ: Mapping[str, str] | None = None, root: Path | None = None) -> Loaded:
    """Read every setting, making the data folder and missing secrets on the way.

    Args:
        environ: The environment; the process's own when None.
        root: Where `.env` lies and relative paths begin; the project's root when None.

    Raises:
        SettingsError: A value is wrong, or a file cannot be read or made.
    """
    root = root or project_root()
    given = _given(os.environ if environ is None else environ, root)
    warnings = _warnings(given)
    server = _parse_group("server", given)
    data_dir = _resolve(root, server["data_dir"])
    web_dir = _resolve(root, server["web_dir"])
    chosen: set[str] = {name for name in SECRETS if name in given}
    given |= {name: _own_secret(data_dir, name) for name in SECRETS if name not in chosen}
    groups = {name: _parse_group(name, given) for name in Settings.model_fields}
    groups["server"] |= {"data_dir": data_dir, "web_dir": web_dir}
    groups["backup"]["folder"] = _resolve(data_dir, groups["backup"]["folder"])
    groups["embedded"]["models"] = _model_places(root, data_dir, groups["embedded"]["models"])
    settings = Settings.model_validate(groups)
    _refuse(settings, chosen)
    return Loaded(settings, tuple(warnings))


def _given(environ: Mapping[str, str], root: Path) -> dict[str, str]:
    from_file = {name: value for name, value in dotenv_values(root / ".env").items() if value is not None}
    merged = {**from_file, **environ}
    names = {name: value for name, value in merged.items() if name.startswith(PREFIX) and value != ""}
    given = {name.removeprefix(PREFIX): value for name, value in names.items()}
    for name in [name for name in given if name.endswith(FILE_SUFFIX) and name not in _known()]:
        target = name.removesuffix(FILE_SUFFIX)
        if target not in _known():
            continue
        path = Path(given.pop(name))
        try:
            given[target] = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise SettingsError(f"{PREFIX}{name} names a file that cannot be read.") from None
    return given


def _group(name: str) -> type[Group]:
    annotation = Settings.model_fields[name].annotation
    if not (isinstance(annotation, type) and issubclass(annotation, Group)):
        raise TypeError(f"{name} is not a group of settings")
    return annotation


def _known() -> set[str]:
    return {field.alias or "" for name in Settings.model_fields for field in _group(name).model_fields.values()}


def _warnings(given: Mapping[str, str]) -> list[str]:
    known = _known()
    warnings = []
    for name in sorted(given):
        if name in known:
            continue
        why = "is not built yet and has no effect" if name in UNBUILT else "is not a setting of OmniAI and is ignored"
        warnings.append(f"{PREFIX}{name} {why}.")
    return warnings


def _parse_group(group: str, given: Mapping[str, str]) -> dict[str, object]:
    model = _group(group)
    aliases = [field.alias or "" for field in model.model_fields.values()]
    values = {alias: given[alias] for alias in aliases if alias in given}
    try:
        parsed = model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        problem = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{PREFIX}{first['loc'][0]} is wrong: {problem}.") from None
    return {name: getattr(parsed, name) for name in model.model_fields}


def _resolve(root: Path, path: object) -> Path:
    return (root / Path(str(path)).expanduser()).resolve()


def _model_places(root: Path, data_dir: Path, named: object) -> tuple[Path, ...]:
    places = [_resolve(root, path) for path in named] if isinstance(named, tuple) else []
    if not all(place.exists() for place in places):
        raise SettingsError(f"{PREFIX}EMBEDDED_MODELS is wrong: each must be a GGUF file, or a folder of them.")
    return (data_dir / MODELS_FOLDER, *places)


def _own_secret(data_dir: Path, name: str) -> str:
    folder = data_dir / "secrets"
    path = folder / name.lower()
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            value = path.read_text(encoding="utf-8").strip()
        else:
            value = secrets.token_urlsafe(32)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(value + "\n")
                file.flush()
                os.fsync(file.fileno())
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text"
        raise SettingsError(f"{PREFIX}DATA_DIR: the secrets under it cannot be read or made ({reason}).") from None
    if len(value) < MIN_SECRET_CHARS:
        raise SettingsError(f"The secret file {path.name} in the data folder is damaged; restore it from a backup.")
    return value


def _refuse(settings: Settings, chosen: set[str]) -> None:
    values = {
        "SECRET_KEY": settings.auth.secret_key,
        "CSRF_SECRET": settings.auth.csrf_secret,
        "AUDIT_KEY": settings.auth.audit_key,
        "BOOTSTRAP_TOKEN": settings.auth.bootstrap_token,
    }
    if settings.server.metrics_token:
        values["METRICS_TOKEN"] = settings.server.metrics_token
        chosen = {*chosen, "METRICS_TOKEN"}
    production = settings.server.env == "production"
    for name in sorted(chosen):
        if (production or name == "BOOTSTRAP_TOKEN") and _is_weak(values[name]):
            raise SettingsError(f"{PREFIX}{name} is too weak: use at least {MIN_SECRET_CHARS} random characters.")
    _refuse_lock(settings.server, production=production)
    if settings.server.cookie_same_site == "none" and not _is_secure(settings.server):
        raise SettingsError(f"{PREFIX}COOKIE_SAME_SITE is wrong: none needs https, so set {PREFIX}PUBLIC_URL.")
    if settings.server.origin_lock_enabled and settings.server.origin_lock_secret:
        values["ORIGIN_LOCK_SECRET"] = settings.server.origin_lock_secret
    if production and len({value.get_secret_value() for value in values.values()}) < len(values):
        raise SettingsError(f"{', '.join(PREFIX + name for name in values)} must all differ.")
    for origin in settings.server.cors_origins:
        _refuse_origin(origin, production=production)
    if settings.providers.openai_compat_api_keys.keys() - settings.providers.openai_compat_servers.keys():
        raise SettingsError(
            f"{PREFIX}OPENAI_COMPAT_API_KEYS is wrong: it names a server that {PREFIX}OPENAI_COMPAT_SERVERS does not."
        )
    url = settings.database.url
    if url is not None and not url.get_secret_value().startswith("sqlite:///"):
        raise SettingsError(f"{PREFIX}DATABASE_URL is wrong: it must begin with sqlite:///.")


def _is_secure(server: ServerSettings) -> bool:
    return (server.public_url or "").startswith("https:") if server.cookie_secure is None else server.cookie_secure


def _refuse_lock(server: ServerSettings, *, production: bool) -> None:
    if not server.origin_lock_enabled:
        return
    secret = server.origin_lock_secret or SecretStr("")
    if len(secret.get_secret_value()) < MIN_SECRET_CHARS or (production and _is_weak(secret)):
        raise SettingsError(
            f"{PREFIX}ORIGIN_LOCK_SECRET is too weak: an enabled lock needs {MIN_SECRET_CHARS} random characters."
        )


def _is_weak(secret: SecretStr) -> bool:
    value = secret.get_secret_value()
    return len(value) < MIN_SECRET_CHARS or len(set(value)) < MIN_SECRET_CHARS // 4 or "change" in value.lower()


def _refuse_origin(origin: str, *, production: bool) -> None:
    parts = urlsplit(origin)
    whole = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in {"http", "https"} or not parts.hostname or "*" in origin or origin != whole:
        raise SettingsError(
            f"{PREFIX}CORS_ORIGINS is wrong: each must be a whole origin such as https://chat.example.org."
        )
    if production and parts.scheme != "https":
        raise SettingsError(f"{PREFIX}CORS_ORIGINS is wrong: in production each must begin with https://.")
