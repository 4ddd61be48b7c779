"""Settings: each rule is one line that names where, which key and the fix."""

from pathlib import Path

import pytest

from bot.settings import Settings, read_settings
from handlers.kit.errors import ConfigurationError

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "secret"}
ROOT = Path(__file__).parents[2]
MAIL = {"SMTP_URL": "smtps://sam:secret@mail.example.org", "MAIL_FROM": "cityops <bot@example.org>"}
APP, TENANT = "11111111-2222-3333-4444-555555555555", "aaaaaaaa-0000-4000-8000-000000000001"
TEAMS = {"TEAMS_APP_ID": APP, "TEAMS_APP_PASSWORD": "password", "TEAMS_TENANT_ID": TENANT}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment of the person who runs the tests does not count."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def read(monkeypatch: pytest.MonkeyPatch, **keys: str) -> Settings:
    for key, value in keys.items():
        monkeypatch.setenv(key, value)
    return read_settings()


def test_without_any_key_the_desk_is_open_on_this_machine() -> None:
    settings = read_settings()
    assert (settings.platforms, settings.host, settings.port) == (("desk",), "127.0.0.1", 8080)
    assert settings.database_url == "sqlite:///data/cityops.db"


def test_a_byte_order_mark_is_no_part_of_a_secret_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("a-token\n", encoding="utf-8-sig")
    monkeypatch.setenv("PAGER_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("PAGER_URL", "https://pager.example.org/")
    token = read_settings().pager_token
    assert token is not None
    assert token.get_secret_value() == "a-token"


@pytest.mark.parametrize(
    ("keys", "platforms"),
    [
        (SLACK, ("slack",)),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, ("slack",)),
        (TEAMS, ("teams",)),
        ({**SLACK, **TEAMS}, ("slack", "teams")),
        ({**SLACK, "DESK": "on"}, ("slack", "desk")),
        ({"TEAMS_UNAUTHENTICATED": "1"}, ("teams",)),
        ({"HOST": "0.0.0.0"}, ()),
        ({"DESK": "off"}, ()),
        ({"SLACK_BOT_TOKEN": "", "TEAMS_APP_ID": ""}, ("desk",)),
    ],
)
def test_the_keys_decide_which_doors_are_open(
    monkeypatch: pytest.MonkeyPatch, keys: dict[str, str], platforms: tuple[str, ...]
) -> None:
    assert read(monkeypatch, **keys).platforms == platforms


@pytest.mark.parametrize(
    ("keys", "gateways"),
    [
        ({}, ()),
        ({"PAGER_URL": "https://pages.example.org/cityops"}, ("pager",)),
        ({"PAGER_URL": "http://127.0.0.1:9000/", "PAGER_TOKEN": "word"}, ("pager",)),
        (MAIL, ("mail",)),
        ({**MAIL, "SMTP_URL": "smtp://[::1]:25", "PAGER_URL": "http://[::1]:9000/"}, ("pager", "mail")),
    ],
)
def test_the_keys_decide_which_ways_there_are_beside_chat(
    monkeypatch: pytest.MonkeyPatch, keys: dict[str, str], gateways: tuple[str, ...]
) -> None:
    assert read(monkeypatch, **keys).gateways == gateways


@pytest.mark.parametrize(
    ("keys", "key", "fix"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET", "set it too"),
        ({"SLACK_SIGNING_SECRET": "secret"}, "SLACK_BOT_TOKEN", "set it too"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN", "set it too"),
        ({**SLACK, "SLACK_BOT_TOKEN": "xoxp-1"}, "SLACK_BOT_TOKEN", "begins with xoxb-"),
        ({**SLACK, "SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN", "begins with xapp-"),
        ({"TEAMS_APP_ID": APP}, "TEAMS_APP_PASSWORD", "set it and TEAMS_TENANT_ID too"),
        ({"TEAMS_APP_ID": APP, "TEAMS_APP_PASSWORD": "x"}, "TEAMS_APP_PASSWORD", "TEAMS_TENANT_ID too"),
        ({"TEAMS_TENANT_ID": TENANT}, "TEAMS_APP_ID", "set it too"),
        ({"TEAMS_APP_PASSWORD": "x"}, "TEAMS_APP_ID", "set it too"),
        ({**TEAMS, "TEAMS_UNAUTHENTICATED": "1"}, "TEAMS_UNAUTHENTICATED", "remove it"),
        ({"TEAMS_UNAUTHENTICATED": "1", "HOST": "0.0.0.0"}, "TEAMS_UNAUTHENTICATED", "HOST=127.0.0.1"),
        ({**TEAMS, "TEAMS_APP_ID": "cityops"}, "TEAMS_APP_ID", "not an id; copy the Application (client) ID"),
        ({**TEAMS, "TEAMS_APP_ID": f"{APP}0"}, "TEAMS_APP_ID", "not an id"),
        ({**TEAMS, "TEAMS_APP_ID": "00000000-0000-0000-0000-000000000000"}, "TEAMS_APP_ID", "not an id"),
        ({**TEAMS, "TEAMS_TENANT_ID": "riverton.onmicrosoft.com"}, "TEAMS_TENANT_ID", "Directory (tenant) ID"),
        ({**TEAMS, "TEAMS_TENANT_ID": APP.upper()}, "TEAMS_TENANT_ID", "the same as TEAMS_APP_ID"),
        ({**TEAMS, "TEAMS_APP_PASSWORD": TENANT}, "TEAMS_APP_PASSWORD", "the id of a secret; copy its Value"),
        ({**TEAMS, "TEAMS_TOKEN_URL": "login.example.org"}, "TEAMS_TOKEN_URL", "https?://"),
        ({**TEAMS, "TEAMS_OPENID_URL": "login.example.org"}, "TEAMS_OPENID_URL", "https?://"),
        ({**SLACK, "SLACK_BOT_TOKEN": "xoxb-..."}, "SLACK_BOT_TOKEN", "placeholder; copy the Bot User OAuth Token"),
        ({**SLACK, "SLACK_BOT_TOKEN": "xoxb-your-token"}, "SLACK_BOT_TOKEN", "placeholder"),
        ({**SLACK, "SLACK_BOT_TOKEN": "<bot token>"}, "SLACK_BOT_TOKEN", "placeholder"),
        ({**SLACK, "SLACK_BOT_TOKEN": "xoxb-1\u200b2"}, "SLACK_BOT_TOKEN", "a space or a character"),
        ({**SLACK, "SLACK_BOT_TOKEN": "xoxb-1 xoxb-2"}, "SLACK_BOT_TOKEN", "a space or a character"),
        (
            {**SLACK, "SLACK_SIGNING_SECRET": "your_signing_secret"},
            "SLACK_SIGNING_SECRET",
            "placeholder; copy",
        ),
        ({**SLACK, "SLACK_SIGNING_SECRET": "xxxxxxxxxxxx"}, "SLACK_SIGNING_SECRET", "placeholder"),
        (
            {**SLACK, "SLACK_APP_TOKEN": "xapp-1-\u2026"},
            "SLACK_APP_TOKEN",
            "placeholder; copy it",
        ),
        ({**TEAMS, "TEAMS_APP_PASSWORD": "ChangeMe"}, "TEAMS_APP_PASSWORD", "placeholder; copy the Value"),
        ({**TEAMS, "TEAMS_APP_PASSWORD": "secret-goes-here"}, "TEAMS_APP_PASSWORD", "placeholder"),
        ({"METRICS_TOKEN": "******"}, "METRICS_TOKEN", "placeholder; write a long random word"),
        ({"PAGER_URL": "https://a.example.org", "PAGER_TOKEN": "TODO"}, "PAGER_TOKEN", "placeholder"),
        (
            {"PUBLIC_URL": "https://bot.example.org/slack/events"},
            "PUBLIC_URL",
            "without a path: https://bot.example.org",
        ),
        ({"PUBLIC_URL": "https://bot.example.org:8443/?x"}, "PUBLIC_URL", "path: https://bot.example.org:8443"),
        ({"PUBLIC_URL": "https://sam:secret@bot.example.org"}, "PUBLIC_URL", "path: https://bot.example.org"),
        ({"PUBLIC_URL": "https://"}, "PUBLIC_URL", "not an address"),
        ({"PUBLIC_URL": "https://bot.example.org:many"}, "PUBLIC_URL", "not an address"),
        ({"DESK": "on", "HOST": "0.0.0.0"}, "DESK", "HOST=127.0.0.1"),
        ({"DESK": "maybe"}, "DESK", "'auto', 'on' or 'off'"),
        ({"PORT": "many"}, "PORT", "valid integer"),
        ({"PORT": "65536"}, "PORT", "less than or equal to 65535"),
        ({"PUBLIC_URL": "bot.example.org"}, "PUBLIC_URL", "https?://"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL", "use sqlite:///data/cityops.db"),
        ({"DATABASE_URL": "postgresql://x"}, "DATABASE_URL", "postgresql+psycopg://"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL", "use sqlite:///data/cityops.db"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL", "use sqlite:///data/cityops.db"),
        ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL", "use sqlite:///data/cityops.db"),
        ({"DATABASE_URL": "sqlite:///file:x.db?mode=memory&uri=true"}, "DATABASE_URL", "use sqlite:///data/cityops.db"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL", "DEBUG"),
        ({"CONTACT_KEY": "password"}, "CONTACT_KEY", "openssl rand -base64 32"),
        ({"PAGER_URL": "http://pages.example.org/"}, "PAGER_URL", "begin with https://"),
        ({"PAGER_URL": "http://127.0.0.1.example.org/"}, "PAGER_URL", "begin with https://"),
        ({"PAGER_URL": "ftp://pages.example.org"}, "PAGER_URL", "https?://"),
        ({"PAGER_URL": "https://"}, "PAGER_URL", "not an address"),
        ({"PAGER_URL": "https://pages.example.org:many"}, "PAGER_URL", "not an address"),
        ({"PAGER_URL": "https://sam:secret@pages.example.org"}, "PAGER_URL", "leave user and password out"),
        ({"PAGER_TOKEN": "word"}, "PAGER_URL", "set the address"),
        ({"HEARTBEAT_URL": "http://beat.example.org"}, "HEARTBEAT_URL", "begin with https://"),
        ({**MAIL, "SMTP_URL": "mail.example.org"}, "SMTP_URL", "smtps://user:password@"),
        ({**MAIL, "SMTP_URL": "https://mail.example.org"}, "SMTP_URL", "smtps://user:password@"),
        ({**MAIL, "SMTP_URL": "smtp://"}, "SMTP_URL", "smtps://user:password@"),
        ({**MAIL, "SMTP_URL": "smtps://sam:pa/ss@mail.example.org"}, "SMTP_URL", "%40 stands for @"),
        ({"SMTP_URL": MAIL["SMTP_URL"]}, "MAIL_FROM", "set the address"),
        ({"MAIL_FROM": MAIL["MAIL_FROM"]}, "SMTP_URL", "set the mail server"),
        ({**MAIL, "MAIL_FROM": "bot"}, "MAIL_FROM", "write one address"),
        ({**MAIL, "MAIL_FROM": "city\nops <bot@example.org>"}, "MAIL_FROM", "write one address"),
        ({**MAIL, "MAIL_FROM": "bot@"}, "MAIL_FROM", "write one address"),
        ({**MAIL, "MAIL_FROM": "bót@example.org"}, "MAIL_FROM", "write one address"),
        ({**MAIL, "MAIL_FROM": "bot@example.org\nBcc: all@example.org"}, "MAIL_FROM", "write one address"),
        ({**MAIL, "MAIL_FROM": "bot@example.org, sam@example.org"}, "MAIL_FROM", "write one address"),
    ],
)
def test_a_wrong_key_is_one_line_with_its_fix(
    monkeypatch: pytest.MonkeyPatch, keys: dict[str, str], key: str, fix: str
) -> None:
    with pytest.raises(ConfigurationError) as wrong:
        read(monkeypatch, **keys)
    assert (wrong.value.file, wrong.value.key) == ("environment", key)
    assert fix in wrong.value.fix
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    "secret",
    ["xoxb-2405-9911-aBcDXx0yourZ", "8bf2c1d4e5f60718293a4b5c6d7e8f90", "xY~8Q~t.o-do_Ab3...Zx.xxxx.Hereplace"],
)
def test_a_secret_that_a_machine_has_made_is_no_placeholder(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    assert read(monkeypatch, **{**TEAMS, "TEAMS_APP_PASSWORD": secret}).teams


def test_spaces_around_a_value_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, PUBLIC_URL=" https://bot.example.org/\n", **{**SLACK, "SLACK_BOT_TOKEN": " xoxb-1\n"})
    assert settings.public_url == "https://bot.example.org/"
    assert settings.slack_bot_token
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1"


def test_a_key_from_env_names_that_file_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=9000\nDESK=maybe\nSOMETHING_ELSE=1\n")
    with pytest.raises(ConfigurationError) as wrong:
        read_settings()
    assert (wrong.value.file, wrong.value.key) == (".env", "DESK")
    assert (read(monkeypatch, DESK="off").desk, read_settings().port) == ("off", 9000)
    assert read_settings(port=9001).port == 9001


@pytest.mark.parametrize(
    ("typo", "key"),
    [
        ("SLACK_BOT_TOKN", "SLACK_BOT_TOKEN"),
        ("slack_bot_tokenn", "SLACK_BOT_TOKEN"),
        ("SALCK_BOT_TOKEN", "SLACK_BOT_TOKEN"),
        ("SLACK-BOT_TOKEN", "SLACK_BOT_TOKEN"),
        ("TEAMS_APP_ID_FLE", "TEAMS_APP_ID_FILE"),
        ("DATABSE_URL", "DATABASE_URL"),
        ("PROT", "PORT"),
    ],
)
def test_a_slip_of_the_pen_in_env_is_one_line_with_the_right_key(tmp_path: Path, typo: str, key: str) -> None:
    (tmp_path / ".env").write_text(f"{typo}=hidden\n")
    with pytest.raises(ConfigurationError) as wrong:
        read_settings()
    assert str(wrong.value) == f".env: {typo}: there is no such key; did you mean {key}?"


@pytest.mark.parametrize("other", ["POSTGRES_PASSWORD", "SLACK_TOKEN", "TZ", "COMPOSE_PROJECT_NAME", "port"])
def test_a_key_of_somebody_else_in_env_is_none_of_ours(tmp_path: Path, other: str) -> None:
    (tmp_path / ".env").write_text(f"{other}=1\n")
    assert read_settings().slack is False


def test_every_key_of_the_example_is_taken(tmp_path: Path) -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    keys = [line.removeprefix("#").partition("=")[0] for line in lines if line.startswith("#") and "=" in line]
    (tmp_path / ".env").write_text("".join(f"{key}=\n" for key in keys if key.isupper()))
    assert read_settings().platforms == ("desk",)


def test_secrets_are_not_in_what_is_printed_or_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {
        **SLACK,
        **TEAMS,
        "SLACK_BOT_TOKEN": "xoxb-hidden",
        "SLACK_SIGNING_SECRET": "hidden",
        "METRICS_TOKEN": "hidden",
    }
    settings = read(monkeypatch, **{**keys, "TEAMS_APP_PASSWORD": "hidden"})
    assert "hidden" not in repr(settings) + str(settings.model_dump())
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxp-hidden")
    with pytest.raises(ConfigurationError) as wrong:
        read_settings()
    assert "hidden" not in str(wrong.value)


def test_a_secret_can_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-from-a-file\n")
    settings = read(monkeypatch, SLACK_BOT_TOKEN_FILE=str(tmp_path / "token"), SLACK_SIGNING_SECRET="secret")
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-from-a-file"


@pytest.mark.parametrize(
    ("keys", "fix"),
    [
        ({"SLACK_BOT_TOKEN_FILE": "nowhere"}, "cannot be read"),
        ({"SLACK_BOT_TOKEN_FILE": "token", "SLACK_BOT_TOKEN": "xoxb-1"}, "remove one of them"),
    ],
)
def test_a_file_that_is_not_there_or_one_too_many_is_named(
    monkeypatch: pytest.MonkeyPatch, keys: dict[str, str], fix: str
) -> None:
    with pytest.raises(ConfigurationError) as problem:
        read(monkeypatch, **keys)
    assert problem.value.key == "SLACK_BOT_TOKEN_FILE"
    assert fix in problem.value.fix
