"""What is asked of the child beside starting and stopping; the table is of all that drives it.

| rule of delegation | test |
| --- | --- |
| the child's value, sync or async | test_starting.py: test_it_starts_whether_sync_or_async |
| None or False is an error | test_answers.py |
| `stop` with the signature it has | test_stopping.py: test_stop_is_called_as_it_can_be |
| only the outer `port` goes on meanwhile | test_starting.py: test_only_the_port_goes_on_while_it_starts |
| its `api_token` goes outside | test_starting.py: test_the_token_that_the_child_ended_with_goes_outside |
| `will_resume` is read live | test_will_resume_is_asked_each_time |
| own progress never raises | test_progress_ends_with_the_start, test_progress_that_fails_just_ends |
| certificates with the child's names, moved by the child | test_certificates_are_the_childs |
| `get_url`, `rename`, `delete_forever` are forwarded | test_what_the_hub_asks_is_forwarded |
| the child's own poll may clear its state | test_starting.py: test_a_child_is_not_polled_while_it_starts |
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from hub_in_memory import AnyInner, hub_user, outer_of
from inner_children import Gated, around, silent


async def test_progress_ends_with_the_start() -> None:
    """Events come as the child gives them, and a child that gives them for ever ends with its start."""

    class Talks(Gated):
        async def progress(self) -> AsyncIterator[dict[str, Any]]:
            yield {"message": "one"}
            await self.begun.wait()
            yield {"message": "two"}
            await asyncio.Event().wait()

    inner, heard = around(Talks), list[Any]()
    start = asyncio.create_task(inner.start(silent))
    await inner.child.begun.wait()
    async with asyncio.timeout(5):
        async for event in inner.progress():
            heard.append(event["message"])
            if len(heard) == 2:
                inner.child.gate.set()
    await start
    assert heard == ["one", "two"]


async def test_progress_that_fails_just_ends() -> None:
    """Whatever the child's progress raises, what it said before is heard and nothing is raised."""

    class Stumbles(AnyInner):
        async def progress(self) -> AsyncIterator[dict[str, Any]]:
            yield {"message": "one"}
            raise RuntimeError("secret")

    class HasNone(AnyInner):
        progress = None

    assert [event async for event in around(Stumbles).progress()] == [{"message": "one"}]
    assert [event async for event in around(HasNone).progress()] == []


async def test_will_resume_is_asked_each_time() -> None:
    """Only the child knows, and it may change its mind."""
    inner = around(AnyInner)
    before = inner.will_resume
    inner.child.will_resume = True
    assert (before, inner.will_resume) == (False, True)


async def test_certificates_are_the_childs() -> None:
    """The names in the certificate and where it lies are the child's."""

    class Certified(AnyInner):
        async def create_certs(self) -> dict[str, str]:
            return {"keyfile": self.ssl_alt_names[0]}

        def move_certs(self, paths: dict[str, str]) -> dict[str, str]:
            return {"keyfile": "/moved/" + paths["keyfile"]}

    outer = outer_of(hub_user())
    inner = around(Certified, outer)
    inner.child.ssl_alt_names = ["DNS:there"]
    outer.cert_paths = await inner.move_certs(await inner.create_certs())
    await inner.start(silent)
    assert inner.child.cert_paths == {"keyfile": "/moved/DNS:there"}


async def test_what_the_hub_asks_is_forwarded() -> None:
    """The URL, a new name and the last farewell are the child's matter, sync or async."""

    class Asked(AnyInner):
        async def get_url(self) -> str:
            return "http://there:1"

        async def rename(self, old_name: str, new_name: str) -> None:
            self.renamed = (old_name, new_name)

        def delete_forever(self) -> None:
            self.deleted = True

    inner = around(Asked)
    await inner.rename("a", "b")
    await inner.delete_forever()
    assert await inner.get_url() == "http://there:1"
    assert (inner.child.renamed, inner.child.deleted) == (("a", "b"), True)
