"""Registry: all cases of the bench, in the order in which they are measured."""

from benchmarks import adding, fanout, memory, opening, pages, process, routines, sizes, verifying

GROUPS = (
    *adding.GROUPS,
    *opening.GROUPS,
    *process.GROUPS,
    *memory.GROUPS,
    *fanout.GROUPS,
    *pages.GROUPS,
    *verifying.GROUPS,
    *sizes.GROUPS,
    *routines.GROUPS,
)
