"""Proof: after a figure, what was done for it is there, and the audit is unbroken."""

from sqlalchemy import func, select

from bot.runtime import Runtime
from storage.database import Store
from storage.risk.records import risks


async def check(runtime: Runtime, *, risks: int = 0) -> None:
    """AssertionError where a logged risk is missing or there are more than were logged, or the audit does not hold."""
    await runtime.finish()
    found = await runtime.read(_risks)
    assert found == risks, f"{risks} risks were logged, {found} are there"
    await check_audit(runtime)


async def check_audit(runtime: Runtime) -> None:
    """AssertionError where the audit does not hold."""
    count, bad = await runtime.read(lambda store: store.audit.first_bad_row())
    assert bad is None, f"row {bad} of {count} of the audit does not follow from the one before it"


def _risks(store: Store) -> int:
    return int(store.connection.execute(select(func.count()).select_from(risks)).scalar_one())
