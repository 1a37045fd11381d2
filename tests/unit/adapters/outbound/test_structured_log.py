"""Structured logs: a line for each fact, with what it belongs to."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from houses import Outside, is_released, until
from multiplespawner.adapters.outbound.structured_log import LOGGER, StructuredLog
from multiplespawner.application.views.contexts import Contexts
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches


@pytest.fixture
def stream() -> io.StringIO:
    """Where the lines go."""
    return io.StringIO()


async def test_a_life_is_told_in_lines(stream: io.StringIO) -> None:
    """Each line names session, resource, deployment, user and provider as soon as they are known."""
    outside = Outside(provider=ProviderThatOnlyWatches())
    outside.log.subscribe(StructuredLog("json", Contexts(), stream).tell)
    house = outside.house()
    request = outside.request()
    await house.start(request)
    await house.stop(request.session, "hub", "stopped")
    await until(lambda: is_released(house, request.resource))
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    last = lines[-1]

    assert [line["event"] for line in lines][:2] == ["session.requested", "session.placed"]
    assert last["event"] == "resource.released"
    assert (last["session"], last["resource"]) == (request.session, request.resource)
    assert (last["user"], last["provider"], last["actor"]) == ("1", "memory", "driver")
    assert all("duration" in line for line in lines[1:])
    assert all(line["level"] == "info" and line["time"] for line in lines)
    await house.close()


async def test_a_restart_knows_what_open_resources_belong_to(stream: io.StringIO) -> None:
    """The context of what was begun before this process is learnt from its world."""
    outside = Outside(provider=ProviderThatOnlyWatches())
    house = outside.house()
    request = outside.request()
    await house.start(request)
    contexts = Contexts()
    contexts.learn((await house.ledger.world(request.resource)).world)
    outside.log.subscribe(StructuredLog("json", contexts, stream).tell)
    await house.stop(request.session, "hub", "stopped")
    first = json.loads(stream.getvalue().splitlines()[0])

    assert (first["event"], first["why"]) == ("session.stop_requested", "stopped")
    assert (first["resource"], first["provider"]) == (request.resource, "memory")
    await house.close()


async def test_lines_for_a_console(stream: io.StringIO) -> None:
    """The same for people."""
    outside = Outside(provider=ProviderThatOnlyWatches())
    outside.log.subscribe(StructuredLog("console", Contexts(), stream).tell)
    house = outside.house()
    await house.start(outside.request())

    assert "session.requested" in stream.getvalue()
    assert not stream.getvalue().startswith("{")
    await house.close()


@pytest.fixture
def troubled(stream: io.StringIO) -> Iterator[logging.Logger]:
    """One of our loggers; what it says goes to the stream, and all is as before afterwards."""
    logger = logging.getLogger(LOGGER)
    handlers = list(logger.handlers)
    logger.handlers.clear()
    yield logging.getLogger(f"{LOGGER}.driver")
    logger.handlers[:], logger.propagate = handlers, True


def test_troubles_are_told_in_the_same_form(stream: io.StringIO, troubled: logging.Logger) -> None:
    """What our loggers say is a line too, once, and goes nowhere else; other loggers are left alone."""
    root = list(logging.getLogger().handlers)
    lines = StructuredLog("json", Contexts(), stream)
    lines.take_troubles()
    lines.take_troubles()
    troubled.warning("Step %s failed.", "Release")
    told = [json.loads(line) for line in stream.getvalue().splitlines()]

    assert [line["event"] for line in told] == ["Step Release failed."]
    assert (told[0]["level"], told[0]["logger"]) == ("warning", f"{LOGGER}.driver")
    assert logging.getLogger().handlers == root


@pytest.mark.parametrize("format_", ["json", "console"])
def test_an_exception_is_told_by_its_kinds_only(
    format_: str, stream: io.StringIO, troubled: logging.Logger
) -> None:
    """What it or its causes say can hold a secret, and so can the source lines of a traceback."""
    StructuredLog(format_, Contexts(), stream).take_troubles()
    try:
        try:
            raise ValueError("password 'canary' is no number")
        except ValueError as error:
            raise RuntimeError("can't be set up with 'canary'") from error
    except RuntimeError:
        troubled.exception("It went wrong.", stack_info=True)

    assert "RuntimeError at" in stream.getvalue()
    assert "< ValueError at" in stream.getvalue()
    assert "canary" not in stream.getvalue()
