"""What is told while a server starts."""

import asyncio
from contextlib import aclosing, suppress
from datetime import timedelta
from typing import Any

from attrs import define, field

from houses import Outside, until
from multiplespawner.adapters.inbound.hub import progress as told_here
from multiplespawner.adapters.inbound.hub.progress import Telling
from multiplespawner.adapters.inbound.hub.weaving import woven
from multiplespawner.application.views.steps import StepName
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches
from multiplespawner.testing.fakes.scripted_inner_spawners import (
    SpawnerThatFailsToStart,
    SpawnerThatNeverStarts,
    SpawnerThatStarts,
)


@define(eq=False)
class Said:
    """The progress of an inner spawner whose start has begun."""

    events: Any
    begun: asyncio.Event = field(factory=asyncio.Event)
    closed: bool = False

    async def progress(self) -> Any:
        """Its events, then nothing for ever."""
        self.begun.set()
        try:
            for event in self.events:
                if isinstance(event, Exception):
                    raise event
                yield event
            await asyncio.Event().wait()
        finally:
            self.closed = True


def steps_in(events: list[Any]) -> list[dict[str, Any]]:
    """The steps that were told last."""
    return [event["steps"] for event in events if "steps" in event][-1]


async def told(outside: Outside, inner: Any = None) -> list[Any]:
    """All that is told of one start."""
    house, request = outside.house(), outside.request(inner or SpawnerThatStarts())
    start = asyncio.create_task(house.start(request))
    listening = asyncio.create_task(all_of(Telling(house, request.session).own()))

    def time_goes_by() -> bool:
        outside.clock.advance(timedelta(seconds=1))
        return listening.done()

    await until(time_goes_by)
    with suppress(Exception):
        await start
    await house.close()
    return await listening


async def all_of(events: Any) -> list[Any]:
    """The events of a stream that ends."""
    return [event async for event in events]


async def test_each_step_is_told_when_it_begins_and_when_it_is_done() -> None:
    """In order, with how long it took, and a bar that never goes back."""
    events = await told(Outside())
    texts = [event["message"] for event in events]
    assert [text for text in texts if text.startswith(("Ordering", "The machine"))] == texts[1:3]
    assert texts[3] == "Starting the notebook"
    assert texts[-1] == told_here.WAITING
    bars = [event["progress"] for event in events]
    assert bars == sorted(bars)
    assert bars[-1] < 100
    assert [step["name"] for step in steps_in(events)] == ["requested", "machine", "notebook", "answer"]


async def test_where_the_inner_spawner_allocates_no_machine_is_told_of() -> None:
    """There is only the notebook to wait for."""
    events = await told(Outside(provider=ProviderThatOnlyWatches()))
    assert [step["name"] for step in steps_in(events)] == ["requested", "notebook", "answer"]


async def test_a_failure_is_told_with_its_words() -> None:
    """The step, and what the fact says to the user."""
    events = await told(Outside(), SpawnerThatFailsToStart(message="No coffee."))
    assert events[-1]["message"].endswith("No coffee.") or "No coffee." in str(events)
    assert ("notebook", "failed") in [(step["name"], step["state"]) for step in steps_in(events)]


async def test_who_comes_late_is_told_all_again() -> None:
    """With the same durations."""
    outside = Outside()
    house, inner = outside.house(), SpawnerThatNeverStarts()
    request = outside.request(inner)
    start = asyncio.create_task(house.start(request))
    first, late = Telling(house, request.session), Telling(house, request.session)
    async with aclosing(first.own()) as told_at_once:
        before = [await anext(told_at_once) for _ in range(2)]
        outside.clock.advance(timedelta(seconds=7))
        async with aclosing(late.own()) as told_late:
            after = [await anext(told_late) for _ in range(2)]
    assert [event["message"] for event in before] == [event["message"] for event in after]
    done = [[s["seconds"] for s in steps_in(e) if s["state"] == "done"] for e in (before, after)]
    assert done[0] == done[1]
    start.cancel()
    await house.close()


async def test_what_past_sessions_took_is_told() -> None:
    """As what a step usually takes, and as what is left."""
    outside = Outside()
    house = outside.house()
    times = {StepName.REQUESTED: 0.0, StepName.MACHINE: 10.0, StepName.NOTEBOOK: 4.0}

    class Known:
        async def of(self, *_: str) -> dict[StepName, float]:
            return times

    object.__setattr__(house, "expected", Known())
    request = outside.request(SpawnerThatNeverStarts())
    start = asyncio.create_task(house.start(request))
    async with aclosing(Telling(house, request.session).own()) as events:
        found = [await anext(events) for _ in range(2)]
    assert found[-1]["message"] == "Ordering the machine; this usually takes 10 s"
    assert found[-1]["remaining"] == 14
    start.cancel()
    await house.close()


async def within(events: list[Any]) -> list[Any]:
    """What becomes of an inner spawner's events while the notebook starts."""
    outside = Outside(provider=ProviderThatOnlyWatches())
    house = outside.house()
    request = outside.request(SpawnerThatNeverStarts())
    start = asyncio.create_task(house.start(request))
    telling, said = Telling(house, request.session), Said(events)
    said.begun.set()
    found: list[Any] = []

    async def listen() -> None:
        async with aclosing(woven(telling.own(), telling.inner(said))) as all_:
            async for event in all_:
                found.append(event)  # noqa: PERF401 - it is looked at meanwhile

    listening = asyncio.create_task(listen())
    wanted = sum(not isinstance(event, Exception) for event in events)
    await until(lambda: len([event for event in found if "steps" not in event]) == wanted)
    await until(lambda: any("Starting the notebook" in event.get("message", "") for event in found))
    listening.cancel()
    await asyncio.wait({listening})
    assert said.closed
    start.cancel()
    await house.close()
    return found


async def test_an_inner_spawners_percent_is_within_its_step() -> None:
    """Half of its own way is half of the step's; what is over the end is the end, and nothing goes back."""
    found = await within([{"progress": 50}, {"progress": 500}, {"progress": 10}, {"progress": float("nan")}])
    bars = [event["progress"] for event in found if "progress" in event]
    assert bars == sorted(bars)
    inner = [event for event in found if "steps" not in event]
    assert inner[0]["progress"] < inner[1]["progress"] == inner[2]["progress"] < 100
    assert "progress" not in inner[3]


async def test_an_inner_spawners_events_are_never_taken_for_ours() -> None:
    """Words pass as they come; keys that mean something to the hub or the page don't, nor what is no JSON."""
    event = {
        "message": "<b>",
        "html_message": "<b>x</b>",
        "ready": True,
        "failed": True,
        "url": "/",
        "steps": [],
    }
    found = await within([{**event, "raw": object(), "extra": 1}])
    assert [e for e in found if "steps" not in e] == [
        {"message": "<b>", "html_message": "<b>x</b>", "extra": 1}
    ]


async def test_an_inner_progress_that_fails_does_no_harm() -> None:
    """What it said before is told, and the steps go on."""
    found = await within([{"message": "one"}, RuntimeError("secret")])
    assert {"message": "one"} in found


async def test_nobody_is_listened_to_after_the_listener_has_left() -> None:
    """The log has no subscription left."""
    outside = Outside()
    house = outside.house()
    before = len(outside.log._listeners)
    telling = Telling(house, "0" * 32)
    async with aclosing(woven(telling.own(), telling.beats())) as events:
        waiting = asyncio.create_task(anext(events))
        await until(lambda: len(outside.log._listeners) > before)
        waiting.cancel()
        await asyncio.wait({waiting})
    assert len(outside.log._listeners) == before
    await house.close()
