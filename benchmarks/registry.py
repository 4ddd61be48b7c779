"""Registry: all cases of the bench, in the order in which they are measured."""

from benchmarks import adding, process, verifying

GROUPS = (
    *adding.GROUPS,
    *process.GROUPS,
    *verifying.GROUPS,
)
