"""Caller: the audit says who called, also on a machine that has no name for them."""

import os
import pwd

import pytest

from bot.cli.caller import caller

NAMES = ("LOGNAME", "USER", "LNAME", "USERNAME")  # the variables that say who is logged in; each of them counts


def test_the_audit_has_the_machines_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "x" * 100)
    assert caller() == f"command line: {'x' * 46}"


def test_a_user_without_a_name_is_called_by_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(number: int) -> pwd.struct_passwd:
        raise KeyError(f"getpwuid(): uid not found: {number}")

    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert caller() == f"command line: user {os.getuid()}"
