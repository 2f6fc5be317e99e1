"""Settings: what is read from where, and that a wrong one is one clear line without its value."""

import stat
from pathlib import Path

import pytest
from app.config.load import SettingsError, load
from app.config.settings import OWN_PROVIDERS


def given(folder: Path, **names: str) -> dict[str, str]:
    return {"OMNIAI_DATA_DIR": str(folder / "data"), **{f"OMNIAI_{name}": value for name, value in names.items()}}


def test_secrets_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    first = load(given(tmp_path), tmp_path).settings.auth
    again = load(given(tmp_path), tmp_path).settings.auth
    assert first == again
    values = {
        first.secret_key.get_secret_value(),
        first.csrf_secret.get_secret_value(),
        first.bootstrap_token.get_secret_value(),
    }
    assert len(values) == 3
    for folder in (tmp_path / "data", tmp_path / "data" / "secrets"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in (tmp_path / "data" / "secrets").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not any(value in repr(first) for value in values)


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OMNIAI_PORT=9001\nOMNIAI_LOG_LEVEL=debug\n")
    server = load(given(tmp_path, PORT="9002"), tmp_path).settings.server
    assert (server.port, server.log_level) == (9002, "debug")


def test_models_lie_in_the_data_folder_and_where_the_setting_says(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "one.gguf").touch()
    assert load(given(tmp_path), tmp_path).settings.embedded.models == (tmp_path / "data" / "models",)
    named = load(given(tmp_path, EMBEDDED_MODELS="more, ./one.gguf"), tmp_path).settings.embedded
    assert named.models == (tmp_path / "data" / "models", tmp_path / "more", tmp_path / "one.gguf")


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 8 + "abcdefghijklmnopqrstuvwxyz0123456789\n")
    settings = load(given(tmp_path, LMSTUDIO_API_KEY_FILE=str(tmp_path / "key")), tmp_path).settings
    assert settings.providers.lmstudio_api_key is not None
    assert settings.providers.lmstudio_api_key.get_secret_value().startswith("kkkk")
    with pytest.raises(SettingsError, match="OMNIAI_SECRET_KEY_FILE names a file that cannot be read"):
        load(given(tmp_path, SECRET_KEY_FILE=str(tmp_path / "none")), tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("ENV", "staging-s3cret"),
        ("LMSTUDIO_BASE_URL", "not a url s3cret"),
        ("PROVIDER_CONNECT_SECONDS", "-1"),
        ("PROVIDER_CONNECT_SECONDS", "nan"),
        ("AUTH_MODE", "none-s3cret"),
        ("EMBEDDED_CONTEXT", "12"),
        ("EMBEDDED_MODELS", "/nowhere/s3cret.gguf"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.example/path-s3cret"),
        ("BOOTSTRAP_TOKEN", "s3cret"),
        ("DATABASE_URL", "mysql://user:s3cret@host/db"),
        ("OPENAI_COMPAT_SERVERS", "http://s3cret/v1"),
        ("OPENAI_COMPAT_SERVERS", "good=http://a/v1, Bad=http://s3cret/v1"),
        ("OPENAI_COMPAT_SERVERS", "a=not a url s3cret"),
        ("OPENAI_COMPAT_SERVERS", "a=ftp://s3cret"),
        ("OPENAI_COMPAT_SERVERS", "a="),
        ("OPENAI_COMPAT_SERVERS", f"{'a' * 33}=http://s3cret"),
        ("OPENAI_COMPAT_SERVERS", "s3cret/../x=http://a"),
        ("OPENAI_COMPAT_SERVERS", "a=http://s3cret,a=http://b"),
        *(("OPENAI_COMPAT_SERVERS", f"{name}=http://s3cret") for name in sorted(OWN_PROVIDERS)),
        ("OPENAI_COMPAT_API_KEYS", "sk-s3cret"),
        ("OPENAI_COMPAT_API_KEYS", "nobody=sk-s3cret"),
        ("ANTHROPIC_BASE_URL", "s3cret"),
        ("OLLAMA_CONTEXT_LENGTH", "s3cret"),
    ],
)
def test_a_wrong_setting_is_one_line_without_its_value(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(given(tmp_path, **{name: value}), tmp_path)
    text = str(caught.value)
    assert f"OMNIAI_{name}" in text
    assert "\n" not in text
    assert "s3cret" not in text


@pytest.mark.parametrize("value", ["short", "a" * 64, "please-change-me-0123456789abcdefgh"])
def test_production_refuses_weak_secrets(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match="OMNIAI_SECRET_KEY is too weak"):
        load(given(tmp_path, ENV="production", SECRET_KEY=value), tmp_path)


def test_production_refuses_equal_secrets_and_plain_http_pages(tmp_path: Path) -> None:
    strong = "abcdefghijklmnopqrstuvwxyz0123456789"
    with pytest.raises(SettingsError, match="must all differ"):
        load(given(tmp_path, ENV="production", SECRET_KEY=strong, CSRF_SECRET=strong), tmp_path)
    with pytest.raises(SettingsError, match="OMNIAI_CORS_ORIGINS"):
        load(given(tmp_path, ENV="production", CORS_ORIGINS="http://page.example"), tmp_path)
    assert load(given(tmp_path, ENV="production"), tmp_path).settings.server.env == "production"


def test_unknown_and_unbuilt_names_are_a_warning_each(tmp_path: Path) -> None:
    warnings = load(given(tmp_path, PROT="1", REDIS_URL="redis://x", RATE_LIMIT_READS="9"), tmp_path).warnings
    assert [warning.split()[0] for warning in warnings] == [
        "OMNIAI_PROT",
        "OMNIAI_RATE_LIMIT_READS",
        "OMNIAI_REDIS_URL",
    ]
    assert "not a setting" in warnings[0]
    assert "not built yet" in warnings[2]


@pytest.mark.parametrize("env", ["dev", "production"])
@pytest.mark.parametrize("secret", [None, "", "x" * 31])
def test_an_enabled_lock_without_a_long_secret_does_not_start(tmp_path: Path, env: str, secret: str | None) -> None:
    names = {"ENV": env, "ORIGIN_LOCK_ENABLED": "true"} | ({} if secret is None else {"ORIGIN_LOCK_SECRET": secret})
    with pytest.raises(SettingsError, match="OMNIAI_ORIGIN_LOCK_SECRET is too weak"):
        load(given(tmp_path, **names), tmp_path)


def test_in_production_a_lock_of_one_letter_or_of_another_secret_does_not_start(tmp_path: Path) -> None:
    strong = "abcdefghijklmnopqrstuvwxyz0123456789"
    lock = {"ENV": "production", "ORIGIN_LOCK_ENABLED": "true"}
    with pytest.raises(SettingsError, match="too weak"):
        load(given(tmp_path, **lock, ORIGIN_LOCK_SECRET="x" * 40), tmp_path)
    with pytest.raises(SettingsError, match="must all differ"):
        load(given(tmp_path, **lock, ORIGIN_LOCK_SECRET=strong, SECRET_KEY=strong), tmp_path)
    assert load(given(tmp_path, **lock, ORIGIN_LOCK_SECRET=strong), tmp_path).settings.server.origin_lock_enabled


def test_servers_have_names_and_keys_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("desk=sk-1=2==\nbox_2 = sk-3\n")
    names = {
        "OPENAI_COMPAT_SERVERS": "desk=http://127.0.0.1:8080/v1/, box_2 = https://box.example/v1,open-1=http://nas/v1,",
        "OPENAI_COMPAT_API_KEYS_FILE": str(tmp_path / "keys"),
    }
    providers = load(given(tmp_path, **names), tmp_path).settings.providers
    assert providers.openai_compat_servers == {
        "desk": "http://127.0.0.1:8080/v1",
        "box_2": "https://box.example/v1",
        "open-1": "http://nas/v1",
    }
    keys = {name: key.get_secret_value() for name, key in providers.openai_compat_api_keys.items()}
    assert keys == {"desk": "sk-1=2==", "box_2": "sk-3"}
    assert "sk-" not in repr(providers)


def test_a_cookie_for_other_sites_needs_https(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="OMNIAI_COOKIE_SAME_SITE"):
        load(given(tmp_path, COOKIE_SAME_SITE="none"), tmp_path)
    secure = given(tmp_path, COOKIE_SAME_SITE="none", PUBLIC_URL="https://chat.example")
    assert load(secure, tmp_path).settings.server.cookie_same_site == "none"


def test_unlimited_is_a_quota(tmp_path: Path) -> None:
    quotas = load(given(tmp_path, QUOTA_MESSAGES_PER_DAY="unlimited"), tmp_path).settings.quotas
    assert (quotas.messages_per_day, quotas.tokens_per_day) == (None, 200_000)
