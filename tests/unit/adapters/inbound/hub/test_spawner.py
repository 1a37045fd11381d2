"""The outer spawner of a hub in memory, on real files."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import evolve
from jupyterhub.spawner import SpawnException

from multiplespawner.adapters.inbound.hub import MultipleSpawner
from multiplespawner.adapters.inbound.hub.choosing import choose_for
from multiplespawner.adapters.inbound.hub.houses import house_of
from multiplespawner.adapters.inbound.hub.progress import STEPS_WANTED
from multiplespawner.adapters.inbound.hub.rows import rebuilt
from multiplespawner.application.house import House
from multiplespawner.application.ports.configuration import Component
from multiplespawner.application.ports.private_store import PrivateStoreUnavailable
from outer_children import Keeping, Quiet


def template(kwargs: dict[str, Any], name: str = "Quiet") -> dict[str, Any]:
    """What a template says of its spawner."""
    return {"class": f"outer_children.{name}", "kwargs": kwargs}


async def keys(outer: MultipleSpawner, prefix: str) -> tuple[str, ...]:
    """What is kept in private."""
    return await (await house_of(outer)).ports.private.keys(prefix)


def fill_up(monkeypatch: pytest.MonkeyPatch, house: House) -> None:
    """Leave no room for documents of deployments, without which nothing is put into the log."""
    put = house.ports.private.put

    async def full(key: str, value: Any) -> str:
        if key.startswith("deployment/"):
            raise PrivateStoreUnavailable("full")
        return await put(key, value)

    monkeypatch.setattr(house.ports.private, "put", full)


async def stopped(outer: MultipleSpawner) -> None:
    """Stop it as the hub does."""
    await outer.stop()
    outer.clear_state()
    await (await house_of(outer)).driver.settled()


async def test_a_start_that_never_came_to_be_holds_nothing(outer: Any, monkeypatch: Any) -> None:
    """Whatever fails before the session is in the log, its inner spawner is let go of."""
    one = outer()
    house = await house_of(one)
    fill_up(monkeypatch, house)
    with pytest.raises(PrivateStoreUnavailable):
        await one.start()
    assert house.ports.spawners.of(one._session) is None
    assert await keys(one, "server") == ()


async def test_what_a_server_kept_is_deleted_for_ever(outer: Any, offers: Any, monkeypatch: Any) -> None:
    """The hub asks a fresh spawner of a server that doesn't run; the last session's settings are known."""
    monkeypatch.setattr(Keeping, "done", [])
    offers(spawner=template({"notebook_dir": "/of/the/last"}, "Keeping"))
    one = outer()
    await one.start()
    await stopped(one)
    assert len(await keys(one, "server")) == 1
    assert await keys(one, "deployment") == ()
    fresh = outer()
    await fresh.delete_forever()
    await fresh.delete_forever()
    assert Keeping.done == [("deleted", "/of/the/last", {})]
    assert await keys(one, "server") == ()


async def test_nothing_is_deleted_of_a_server_that_never_ran(outer: Any, monkeypatch: Any) -> None:
    """There is no inner spawner to ask."""
    monkeypatch.setattr(Keeping, "done", [])
    await outer().delete_forever()
    assert Keeping.done == []


async def test_nothing_is_kept_where_nothing_is_to_be_deleted(outer: Any, monkeypatch: Any) -> None:
    """Most inner spawners keep nothing; the last session counts."""
    configuration = (await house_of(outer())).ports.configurations.current
    for name, kept in (("Quiet", 0), ("Keeping", 1), ("Quiet", 0)):
        one = outer()
        recipe = evolve(configuration.recipes[0], spawner_class=f"outer_children.{name}")
        monkeypatch.setattr(type(configuration), "recipe", lambda *_, recipe=recipe: recipe)
        await one.start()
        await stopped(one)
        assert len(await keys(one, "server")) == kept


async def test_a_refused_start_changes_nothing_of_what_is_kept(
    outer: Any, offers: Any, monkeypatch: Any
) -> None:
    """The server's last session is still the one before."""
    offers(spawner=template({}, "Keeping"), inner_options=True)
    one = outer()
    await one.start()
    await stopped(one)
    again, [key] = outer(), await keys(one, "server")
    house = await house_of(again)
    before = await house.ports.private.get(key)
    again.user_options = {"inner": "other"}
    fill_up(monkeypatch, house)
    with pytest.raises(PrivateStoreUnavailable):
        await again.start()
    assert await house.ports.private.get(key) == before


async def test_resuming_is_known_after_a_restart(outer: Any, offers: Any) -> None:
    """A hub that was started again asks the inner spawner that was made again, also after its stop."""
    offers(spawner=template({}, "Resuming"))
    one = outer()
    await one.start()
    fresh = outer()
    fresh.load_state({"session": one._session})
    assert fresh.will_resume
    await fresh.stop()
    assert fresh.will_resume
    fresh.clear_state()
    assert not fresh.will_resume


async def test_times_of_an_offer_hold_after_a_restart(outer: Any, offers: Any) -> None:
    """The hub reads them from a fresh outer spawner, which only the rebuilt inner one can tell."""
    offers(poll_interval=7, http_timeout=9)
    one = outer()
    await one.start()
    (key,) = [key for key in await keys(one, "deployment") if key.endswith("spawner")]
    document = await (await house_of(one)).ports.private.get(key)
    fresh = outer()
    user = SimpleNamespace(orm_spawners={"": fresh.orm_spawner}, spawners={fresh.name: fresh})
    await rebuilt({document["server"]["user"]: user}, document)

    assert (fresh.poll_interval, fresh.http_timeout) == (7, 9)
    await stopped(one)


async def test_progress_can_be_listened_to_before_the_start(outer: Any) -> None:
    """It waits until it is known what is started; then all of it is told, and nothing is early."""
    one = outer()
    one._spawn_pending = True
    STEPS_WANTED.set(True)
    told = asyncio.create_task(all_of(one.progress()))
    await one.start()
    messages = [event["message"] for event in await told if "message" in event]
    assert any(message.startswith("The notebook is started") for message in messages)
    assert "early" not in messages
    await stopped(one)


async def test_who_asks_for_no_steps_is_told_what_the_inner_spawner_tells(outer: Any) -> None:
    """As by the hub itself: programs know its stream."""
    one = outer()
    one._spawn_pending = True
    told = asyncio.create_task(all_of(one.progress()))
    await one.start()
    assert not any("steps" in event for event in await told)
    await stopped(one)


async def all_of(events: Any) -> list[Any]:
    """The events of a stream that ends."""
    return [event async for event in events]


async def test_the_last_session_is_pointed_to_until_the_next_start(outer: Any) -> None:
    """Also by a hub that was started again; the start that comes before the next session forgets it."""
    one = outer()
    await one.start()
    session = one._session
    await stopped(one)
    fresh = outer()
    fresh.load_state(one.get_state())
    assert (fresh._session, fresh.last_session) == (None, session)
    fresh.clear_state()
    assert fresh.last_session is None


async def test_a_start_that_was_called_off_is_known_until_the_next(outer: Any) -> None:
    """The hub clears the state when it has stopped, keeps it, and clears it again before the next start."""
    one = outer()
    one.call_off()
    one.clear_state()
    fresh = outer()
    fresh.load_state(one.get_state())
    assert fresh.was_called_off
    fresh.clear_state()
    assert not fresh.was_called_off
    assert fresh.get_state() == {}


@pytest.mark.parametrize(("waits", "why"), [(True, "never_answered"), (False, "stopped")])
async def test_a_notebook_that_never_answered_is_told_from_one_that_was_stopped(
    outer: Any, waits: bool, why: str
) -> None:
    """By what the hub was waiting for when it stopped it."""
    one = outer()
    await one.start()
    session, one._waiting_for_response = one._session, waits
    await stopped(one)
    assert (await (await house_of(one)).ledger.session(session)).reason == why


async def test_a_machine_that_can_not_be_entered_is_not_used_as_it_is(outer: Any, monkeypatch: Any) -> None:
    """That is not what the administrator wrote: an authenticator needs a machine of a provider's."""
    one = outer()
    house = await house_of(one)
    found = house.ports.configurations.current.recipes[0]
    needing = evolve(found, authenticator=Component("foreign.Class", {}))
    monkeypatch.setattr(type(house.ports.configurations.current), "recipe", lambda *_: needing)
    with pytest.raises(SpawnException) as refused:
        await one.start()
    assert refused.value.reason == "no_address"


async def test_without_its_configurer_nothing_is_begun(outer: Any, monkeypatch: Any) -> None:
    """What can't be set up is not started."""
    one = outer()
    house = await house_of(one)
    found = house.ports.configurations.current.recipes[0]
    needing = evolve(found, configurer=Component("foreign.Class", {}))
    monkeypatch.setattr(type(house.ports.configurations.current), "recipe", lambda *_: needing)
    with pytest.raises(SpawnException) as refused:
        await one.start()
    assert refused.value.reason == "configurer_missing"
    assert "not set up rightly" in refused.value.jupyterhub_message
    assert "Choose another offer" in refused.value.jupyterhub_message
    assert await keys(one, "deployment/") == ()


async def test_a_secret_that_can_not_be_had_is_told_by_its_name(outer: Any, offers: Any) -> None:
    """In words, as nothing is begun."""
    offers(spawner=template({"notebook_dir": {"secret": "file:/nowhere"}}))
    one = outer()
    with pytest.raises(SpawnException) as refused:
        await one.start()
    assert refused.value.reason == "inner_settings"
    assert "/nowhere" in refused.value.jupyterhub_message


@pytest.mark.parametrize(("own_code", "is_ours"), [("no_python", True), (None, False)])
async def test_an_error_with_a_code_is_told_with_what_to_do(
    outer: Any, monkeypatch: Any, own_code: Any, is_ours: bool
) -> None:
    """And with the session that an administrator looks for; another's stays the inner spawner's own."""
    error = SpawnException("There is no Python.", reason="x", log_message="for administrators: 100 %")
    if own_code:
        error.code = own_code

    async def fails(self: Any) -> None:
        raise error

    monkeypatch.setattr(Quiet, "start", fails)
    one = outer()
    with pytest.raises(SpawnException) as failed:
        await one.start()
    assert (failed.value is error) is not is_ours
    assert (f"session {one._session[:8]}" in failed.value.message) is is_ours
    assert failed.value.log_message == "for administrators: 100 %"


async def test_a_renamed_user_has_the_same_inner_spawner(outer: Any, offers: Any) -> None:
    """A template may name the user; what is kept of it does not."""
    offers(spawner=template({"user": "{JUPYTERHUB_USER}", "notebook_dir": "/home/{JUPYTERHUB_USER}"}))
    one = outer()
    chosen = await choose_for(one, await house_of(one), {})
    assert chosen.document["kwargs"] == {"notebook_dir": "/home/{JUPYTERHUB_USER}"}
    assert chosen.inner.child.notebook_dir == "/home/alice"


async def test_a_form_needs_no_secrets(outer: Any, offers: Any) -> None:
    """They are resolved when something starts."""
    offers(spawner=template({"notebook_dir": {"secret": "file:/nowhere"}, "environment": {"A": "b"}}))
    one = outer()
    chosen = await choose_for(one, await house_of(one), {}, to_start=False)
    assert chosen.inner.child.environment == {"A": "b"}


async def test_a_notebook_reports_only_its_port(outer: Any) -> None:
    """Batchspawner's handler would set whatever a notebook's token sends it."""
    one = outer()
    handler = {"__name__": "batchspawner.api"}
    exec("def post(s, data):\n for key in data:\n  setattr(s, key, data[key])", handler)
    handler["post"](one, {"port": 4711, "directory": "/tmp/evil", "_session": "0" * 32, "cmd": ["evil"]})
    assert (one.port, one._session) == (4711, None)
    assert "evil" not in f"{one.directory} {one.cmd}"
