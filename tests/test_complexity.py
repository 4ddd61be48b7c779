"""Complexity: what is counted, and that no function decides more than the worst one does."""

from tests.complexity import all_functions, functions

MOST = 17  # lower it when the worst function was cut; ten is the aim
SOURCE = """
def plain(a):
    return a

def decides(a, b, c):
    if a and b or c:
        return a if b else c
    return [one for one in a if one if b]

async def waits(a):
    async for one in a:
        def inner():
            assert one
    match a:
        case 1:
            return inner
        case _:
            try:
                while True:
                    pass
            except ValueError:
                pass
"""


def test_every_and_or_ternary_and_condition_is_one_more_way() -> None:
    assert [(function.where, function.ways) for function in functions(SOURCE, "a.py")] == [
        ("a.py:2 plain", 1), ("a.py:5 decides", 8), ("a.py:10 waits", 7), ("a.py:12 inner", 2),
    ]  # fmt: skip


def test_no_function_decides_more_than_the_worst_one_does() -> None:
    assert [str(function) for function in all_functions() if function.ways > MOST] == []
