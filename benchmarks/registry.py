"""Registry: all cases of the bench, in the order in which they are measured."""

from benchmarks import adding, opening, process, routines, sizes, verifying

GROUPS = (
    *adding.GROUPS,
    *opening.GROUPS,
    *process.GROUPS,
    *verifying.GROUPS,
    *sizes.GROUPS,
    *routines.GROUPS,
)
