"""Forgetting: what has had its time is removed, the oldest first and so much at once that no command waits for it."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, bindparam, delete, func, select, tuple_

from storage.prepared import Prepared


def forget_oldest(oldest: Column[Any], *old: ColumnElement[bool]) -> Prepared:
    """A statement that removes at most ``most_`` rows of a table that are ``old``, by its column ``oldest`` first.

    The newest of numbered rows stays however old it is: its number would be given again, and a button that carries it
    would act on another row.
    """
    table = oldest.table
    keys = list(table.primary_key.columns)
    if len(keys) == 1 and isinstance(keys[0].type, Integer):
        old = (*old, keys[0] < select(func.max(keys[0])).scalar_subquery())
    some = select(*keys).where(*old).order_by(oldest).limit(bindparam("most_", type_=Integer))
    return Prepared(delete(table).where((keys[0] if len(keys) == 1 else tuple_(*keys)).in_(some)))
