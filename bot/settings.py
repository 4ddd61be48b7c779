"""Settings: the environment and .env, validated once; nobody else reads them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bot import invented
from bot.setting_rules import (
    APP_ID,
    COPIED,
    LOOPBACK,
    TENANT_ID,
    Rule,
    Rules,
    address_of,
    is_id,
    is_one_sender,
    outside_rules,
    public_rules,
    reads_as_keys,
    secret_rules,
)
from bot.setting_sources import check_names, from_files, named, source
from handlers.kit.errors import ConfigurationError
from handlers.kit.vault import read_keys


class Settings(BaseModel):
    """Every key of ``.env.example``; an empty value is as good as none."""

    model_config = ConfigDict(frozen=True)

    city_dir: Path = Path("city")
    empty: bool = False
    database_url: str = "sqlite:///data/cityops.db"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = Field(default=None, pattern=r"^https?://")
    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str = Field(default="https://slack.com/api/", pattern=r"^https?://")
    teams_app_id: str | None = None
    teams_app_password: SecretStr | None = None
    teams_tenant_id: str | None = None
    teams_openid_url: str = Field(
        default="https://login.botframework.com/v1/.well-known/openidconfiguration", pattern=r"^https?://"
    )
    teams_token_url: str | None = Field(default=None, pattern=r"^https?://")
    teams_unauthenticated: bool = False
    desk: Literal["auto", "on", "off"] = "auto"
    contact_key: SecretStr | None = None
    pager_url: str | None = Field(default=None, pattern=r"^https?://")
    pager_token: SecretStr | None = None
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    heartbeat_url: str | None = Field(default=None, pattern=r"^https?://")
    shelf_dir: Path = Path("data/shelf")
    metrics_token: SecretStr | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("*", mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        """Without the spaces and line breaks that copying brings along."""
        return value.strip() if isinstance(value, str) else value

    @property
    def contact_keys(self) -> tuple[bytes, ...]:
        """The keys that seal and open contact data, the newest first; none when it cannot be kept."""
        return read_keys(self.contact_key.get_secret_value()) if self.contact_key else ()

    @property
    def is_for_a_try(self) -> bool:
        """Whether this is the invented city, with nothing that belongs to a real one."""
        return not self.empty and invented.is_for_a_try(self.model_fields_set, self.city_dir)

    @property
    def on_loopback(self) -> bool:
        return self.host in LOOPBACK

    @property
    def slack(self) -> bool:
        """Whether the Slack door is configured."""
        return self.slack_bot_token is not None

    @property
    def teams(self) -> bool:
        """Whether the Teams door is configured."""
        return self.teams_app_id is not None or self.teams_unauthenticated

    @property
    def desk_is_open(self) -> bool:
        """The desk lets anyone act as anyone, so it is for this machine alone, by default only without a platform."""
        return self.desk == "on" or (self.desk == "auto" and self.on_loopback and not self.slack and not self.teams)

    @property
    def gateways(self) -> tuple[str, ...]:
        """The ways to somebody beside chat that are set up."""
        ways = (("pager", self.pager_url), ("mail", self.smtp_url and self.mail_from))
        return tuple(name for name, is_there in ways if is_there)

    @property
    def platforms(self) -> tuple[str, ...]:
        """The doors this bot has, the ones people live in first."""
        doors = (("slack", self.slack), ("teams", self.teams), ("desk", self.desk_is_open))
        return tuple(name for name, is_open in doors if is_open)


def read_settings(**given: Any) -> Settings:
    """The settings of this process, with what the command line gives over them.

    Raises ConfigurationError with one line that names the file, the key and the fix.
    """
    names = Settings.model_fields
    check_names(names)
    try:
        settings = Settings(**{**named(names), **from_files(names), **given})
    except ValidationError as problems:
        problem = problems.errors()[0]
        key = str(problem["loc"][0]).upper()
        raise ConfigurationError(source(key), key, f"{problem['msg']}; see .env.example") from None
    _check(settings)
    if settings.is_for_a_try and invented.FILE.exists():
        return settings.model_copy(update={"database_url": invented.URL})
    return settings


def _check(settings: Settings) -> None:
    rules = (
        *_secret_rules(settings), *_slack_rules(settings), *_teams_rules(settings), *_gateway_rules(settings),
        *public_rules(settings.public_url), *_other_rules(settings),
    )  # fmt: skip
    for wrong, key, fix in rules:
        if wrong:
            raise ConfigurationError(source(key), key, fix)


def _secret_rules(settings: Settings) -> Iterator[Rule]:
    for key in COPIED:
        if (secret := getattr(settings, key.lower())) is not None:
            yield from secret_rules(key, secret.get_secret_value())


def _slack_rules(settings: Settings) -> Rules:
    token, secret, socket = settings.slack_bot_token, settings.slack_signing_secret, settings.slack_app_token
    return (
        (
            token is not None and secret is None and socket is None,
            "SLACK_SIGNING_SECRET",
            "set it too (Basic Information of the Slack app), or SLACK_APP_TOKEN",
        ),
        (
            token is None and (secret is not None or socket is not None),
            "SLACK_BOT_TOKEN",
            "set it too (OAuth & Permissions of the Slack app)",
        ),
        (
            token is not None and not token.get_secret_value().startswith("xoxb-"),
            "SLACK_BOT_TOKEN",
            "a bot token begins with xoxb-; copy it from OAuth & Permissions",
        ),
        (
            socket is not None and not socket.get_secret_value().startswith("xapp-"),
            "SLACK_APP_TOKEN",
            "an app token begins with xapp-; make one under Basic Information, App-Level Tokens",
        ),
    )


def _teams_rules(settings: Settings) -> Rules:
    app, password, tenant = settings.teams_app_id, settings.teams_app_password, settings.teams_tenant_id
    return (
        (
            app is not None and (password is None or tenant is None),
            "TEAMS_APP_PASSWORD",
            "set it and TEAMS_TENANT_ID too, from the bot's registration",
        ),
        (
            app is None and (password is not None or tenant is not None),
            "TEAMS_APP_ID",
            "set it too; without it nobody could check who is calling",
        ),
        (
            settings.teams_unauthenticated and app is not None,
            "TEAMS_UNAUTHENTICATED",
            "remove it; it is for a local client, and TEAMS_APP_ID is set",
        ),
        (
            settings.teams_unauthenticated and not settings.on_loopback,
            "TEAMS_UNAUTHENTICATED",
            "remove it, or set HOST=127.0.0.1; it lets anyone in",
        ),
        (app is not None and not is_id(app), "TEAMS_APP_ID", f"this is not an id; {APP_ID}"),
        (tenant is not None and not is_id(tenant), "TEAMS_TENANT_ID", f"this is not an id; {TENANT_ID}"),
        (
            app is not None and tenant is not None and app.lower() == tenant.lower(),
            "TEAMS_TENANT_ID",
            f"it is the same as TEAMS_APP_ID; {TENANT_ID}",
        ),
        (
            password is not None and is_id(password.get_secret_value()),
            "TEAMS_APP_PASSWORD",
            "this is the id of a secret; copy its Value, or make a new one where the Value is not shown anymore",
        ),
    )


def _gateway_rules(settings: Settings) -> Rules:
    url, sender = settings.smtp_url, settings.mail_from
    smtp = address_of(url.get_secret_value()) if url else None
    return (
        *outside_rules("PAGER_URL", settings.pager_url),
        *outside_rules("HEARTBEAT_URL", settings.heartbeat_url),
        (
            settings.pager_token is not None and settings.pager_url is None,
            "PAGER_URL",
            "set the address of the webhook too",
        ),
        (
            url is not None and (smtp is None or smtp.scheme not in ("smtp", "smtps")),
            "SMTP_URL",
            "write smtps://user:password@mail.example.org, or smtp:// for STARTTLS; in the password %40 stands for @",
        ),
        (url is not None and sender is None, "MAIL_FROM", "set the address that mails come from too"),
        (url is None and sender is not None, "SMTP_URL", "set the mail server too"),
        (
            sender is not None and not is_one_sender(sender),
            "MAIL_FROM",
            "write one address, such as cityops <bot@example.org>",
        ),
    )


def _other_rules(settings: Settings) -> Rules:
    return (
        (
            not reads_as_keys(settings.contact_key),
            "CONTACT_KEY",
            "a key is 32 random bytes in base64: openssl rand -base64 32; for two keys, put the newer one "
            "first and a comma between them",
        ),
        (
            settings.desk == "on" and not settings.on_loopback,
            "DESK",
            "it lets anyone be anyone, so it needs HOST=127.0.0.1; set that, or DESK=off",
        ),
        (
            not re.match(r"sqlite:///(?!file:|[?]|$)|postgresql\+psycopg://", settings.database_url)
            or ":memory:" in settings.database_url,
            "DATABASE_URL",
            "use sqlite:///data/cityops.db or postgresql+psycopg://user:password@host/name",
        ),
    )
