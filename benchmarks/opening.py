"""Opening: what it costs to open a form in Slack, beside the call to Slack itself, which every bot makes."""

import time

from benchmarks.cases import Case, Figure, Group
from benchmarks.floor import Floor
from benchmarks.house import House
from benchmarks.proof import check_audit
from benchmarks.rounds import medians, one_at_a_time
from benchmarks.slack_requests import signed
from benchmarks.workshop import Workshop
from bot.inbound import Asking, Inbound, Typed
from bot.slack.forms import Origin, modal

WHY = "a trigger lives three seconds, most of which belong to the network; views.open itself is taken off ours"
OPENING = Case("opening a modal, ratio to the bare dispatch and rendering", "ms", WHY, 2.0)


class Forms:
    """Forms of `/risk add`, opened by the bot and, for comparison, only dispatched, rendered or sent."""

    def __init__(self, house: House, floor: Floor, asking: Asking, each: int) -> None:
        self.house, self.floor, self.asking, self.each, self.opened = house, floor, asking, each, 0

    async def by_the_bot(self) -> float:
        requests = [self.house.receive(signed(self.house.user, "/risk", "add", self._trigger())) for _ in self._times()]
        self.opened += self.each
        return await one_at_a_time(self.house, requests)

    async def dispatched(self) -> float:
        return await one_at_a_time(self.floor, [signed(self.house.user, "/risk", "add") for _ in self._times()])

    async def rendered(self) -> float:
        begun = time.perf_counter()
        for _ in self._times():
            self._view()
        return self._since(begun)

    async def sent(self) -> float:
        """The call to Slack alone, by the same client and with the same view."""
        view, triggers = self._view(), [self._trigger() for _ in self._times()]
        self.opened += self.each
        begun = time.perf_counter()
        for trigger in triggers:
            await self.house.door.client.api.views_open(trigger_id=trigger, view=view)
        return self._since(begun)

    def _view(self) -> dict[str, object]:
        return modal(self.asking.page, self.asking.handles, Origin("D1", None))

    def _trigger(self) -> str:
        return self.house.slack.new_trigger(self.house.user)

    def _times(self) -> range:
        return range(self.each)

    def _since(self, begun: float) -> float:
        return (time.perf_counter() - begun) / self.each * 1000


async def opening(workshop: Workshop) -> list[Figure]:
    """The medians; Slack has opened as many forms as were asked for."""
    house, size = House(workshop.folder()), workshop.size
    await house.open()
    try:
        asking = await house.application.runtime.handle(Inbound("slack", house.user, Typed("risk add")))
        assert isinstance(asking, Asking)
        forms = Forms(house, Floor(None), asking, size.each)
        ways = {"ours": forms.by_the_bot, "dispatch": forms.dispatched, "render": forms.rendered, "call": forms.sent}
        found = await medians(ways, size.rounds, warm_up=2)
        assert len([call for call in house.slack.calls if call.method == "views.open"]) == forms.opened
        assert not house.slack.refusals
        await check_audit(house.application.runtime)
    finally:
        await house.close()
    note = f"views.open itself: {found['call']:.2f} ms"
    return [OPENING.measured(found["ours"] - found["call"], found["dispatch"] + found["render"], note)]


GROUPS = (Group((OPENING,), opening),)
