"""Settings: read once, and refused in one clear line."""

import pytest

from siapa.config import BadConfiguration, Config


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SIAPA_WORKERS", "many", "SIAPA_WORKERS must be a whole number"),
        ("SIAPA_WORKERS", "0", "SIAPA_WORKERS must be a whole number"),
        ("SIAPA_WORKERS", "9" * 5000, "SIAPA_WORKERS must be a whole number"),
        ("SIAPA_DATABASE_URL", "mysql://x/y", "SIAPA_DATABASE_URL must begin with"),
        ("SIAPA_DATABASE_URL", "nonsense", "SIAPA_DATABASE_URL is not a database address"),
        ("SIAPA_DATABASE_READ_URL", "postgresql://db/x", "SIAPA_DATABASE_READ_URL needs a PostgreSQL"),
        ("SIAPA_DATABASE_OWNER_URL", "mysql://x/y", "SIAPA_DATABASE_OWNER_URL must begin with"),
        ("SIAPA_DEFAULT_LOCALE", "fr", "SIAPA_DEFAULT_LOCALE is 'fr'; it may be id or en"),
        ("SIAPA_PUBLIC_URL", "siapa.example", "SIAPA_PUBLIC_URL must be an address"),
        ("SIAPA_PUBLIC_URL", "http://", "SIAPA_PUBLIC_URL must be an address"),
        ("SIAPA_PUBLIC_URL", "https://siapa.example:eight", "SIAPA_PUBLIC_URL must be an address"),
        ("SIAPA_RATE_LIMITS", "banana", "SIAPA_RATE_LIMITS must be limits"),
        ("SIAPA_REDIS_URL", "http://x", "SIAPA_REDIS_URL must be an address"),
        ("SIAPA_SECRET_KEY", "short", "SIAPA_SECRET_KEY must have 32 characters"),
        ("SIAPA_OIDC_ISSUER", "sso.example", "SIAPA_OIDC_ISSUER must be an address such as https://name"),
        ("SIAPA_OIDC_ISSUER", "http://sso.example", "SIAPA_OIDC_ISSUER must begin with https://"),
        ("SIAPA_OIDC_ISSUER", "https://sso.example?a=b", "SIAPA_OIDC_ISSUER must be an address without"),
        ("SIAPA_OIDC_ISSUER", "https://sso.example", "SIAPA_OIDC_CLIENT_SECRET go together"),
        ("SIAPA_OIDC_CLIENT_SECRET", "hunter2", "SIAPA_OIDC_CLIENT_SECRET go together"),
        ("SIAPA_WORKER", "2", "SIAPA_WORKER is not a setting"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_one_line(tmp_path, name, value, said):
    with pytest.raises(BadConfiguration) as caught:
        Config.from_environment({"SIAPA_INSTANCE_DIR": str(tmp_path), name: value})

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_production_demands_a_secret(tmp_path):
    with pytest.raises(BadConfiguration, match="SIAPA_SECRET_KEY must be set in production"):
        Config.from_environment({"SIAPA_ENVIRONMENT": "production", "SIAPA_INSTANCE_DIR": str(tmp_path)})


def test_a_local_run_makes_its_secret_once_and_keeps_it_to_itself(tmp_path):
    environment = {"SIAPA_INSTANCE_DIR": str(tmp_path)}

    first = Config.from_environment(environment)
    second = Config.from_environment(environment)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_secrets_are_masked_where_settings_are_shown(tmp_path):
    config = Config.from_environment(
        {
            "SIAPA_INSTANCE_DIR": str(tmp_path),
            "SIAPA_SECRET_KEY": "s" * 40,
            "SIAPA_DATABASE_URL": "postgresql://siapa:hunter2@db/siapa",
            "SIAPA_REDIS_URL": "redis://:hunter2@cache:6379/0",
            "SIAPA_OIDC_ISSUER": "https://sso.example",
            "SIAPA_OIDC_CLIENT_ID": "siapa",
            "SIAPA_OIDC_CLIENT_SECRET": "hunter2",
        }
    )

    shown = {name: (value, origin) for name, value, origin in config.shown()}

    assert "hunter2" not in str(shown)
    assert "s" * 40 not in str(shown)
    assert shown["SIAPA_SECRET_KEY"] == ("********", "environment")
    assert shown["SIAPA_WORKERS"][1] == "default"


def test_postgresql_is_reached_by_the_driver_we_ship(tmp_path):
    config = Config.from_environment(
        {"SIAPA_INSTANCE_DIR": str(tmp_path), "SIAPA_DATABASE_URL": "postgresql://u@h/d"}
    )

    assert config.database_url == "postgresql+psycopg://u@h/d"
    assert not config.is_sqlite
