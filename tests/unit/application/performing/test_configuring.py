"""A host is set up with the administrator's recipe, task by task, once, and no further than it is wanted."""

import asyncio
import threading
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve, field, frozen

from houses import Outside, is_released, of_a_host, until, world_of
from multiplespawner.application.house import House
from multiplespawner.application.ports.authenticator import AuthenticationFailed
from multiplespawner.application.ports.configurer import ConfigurationFailed, ConfigurerMissing, TaskProgress
from multiplespawner.application.use_cases.session_request import SessionRequest
from multiplespawner.application.use_cases.start_session import SessionFailed
from multiplespawner.domain.deployment import ConfigurerApplied, ConfigurerFailed, DeploymentPlanned
from multiplespawner.domain.resource import ResourceConfigured
from multiplespawner.domain.session import SessionPhase
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_authenticator import MemoryAuthenticator
from multiplespawner.testing.fakes.memory_components import MemoryComponents
from multiplespawner.testing.fakes.memory_configurer import (
    ConfigurerThatFails,
    ConfigurerThatHangs,
    MemoryConfigurer,
)

HOST = "192.0.2.2"
"""Of the first thing that is rented from the fake."""


class ConfigurerThatCanNotBeApplied(MemoryConfigurer):
    """Something is missing here."""

    async def check(self):
        raise ConfigurationFailed("playbook_missing", "There is no x.yml.")


class ConfigurerThatBreaks(MemoryConfigurer):
    """Has a mistake of its own."""

    async def check(self):
        raise RuntimeError("a secret")


class AuthenticatorThatLosesItsKeys(MemoryAuthenticator):
    """Has none when it is asked for them."""

    async def renew(self, target):
        raise AuthenticationFailed("credentials_missing", "There are no keys.")


@frozen(kw_only=True)
class AuthenticatorForMinutes(MemoryAuthenticator):
    """Its certificates end ten minutes after they were made."""

    clock: ManualClock
    renewals: list[datetime] = field(factory=list, init=False, eq=False)

    async def renew(self, target):
        self.renewals.append(self.clock.now())
        return evolve(await super().renew(target), until=self.clock.now() + timedelta(minutes=10))


def facts(outside: Outside, kind: type) -> list[Any]:
    """All facts of one kind in the log."""
    return [record.fact for record in outside.log._records if isinstance(record.fact, kind)]


async def fails(outside: Outside, request: SessionRequest) -> SessionFailed:
    """Why a start fails; nothing of it is left."""
    house = outside.house()
    with pytest.raises(SessionFailed) as failed:
        await house.start(request)
    await nothing_is_left(outside, house, request)
    await house.close()
    return failed.value


async def nothing_is_left(outside: Outside, house: House, request: SessionRequest) -> None:
    """Neither the machine nor keys nor documents nor what was told."""
    await until(lambda: is_released(house, request.resource))
    await house.driver.settled()

    assert outside.provider.instances == {}
    assert await outside.private.keys() == ()
    folder = await outside.private.folder("deployment/x")
    assert [each.name for each in folder.parent.iterdir()] == ["x"]
    assert house.doings.latest(request.session) is None


async def test_what_it_works_with(outside: Outside, configurer: MemoryConfigurer, authenticator: Any) -> None:
    """The way in of who configures, the notebook's account, all names, and a folder of its own."""
    said = of_a_host("a.b", account={"name": "nb-a-b", "mode": "create"}, names={"option.x": "{endpoint}"})
    house = outside.house()
    await house.start(outside.request(**said))
    [work], [made] = configurer.applied, authenticator.made.values()

    assert work.access == made.configuring
    assert (work.account, work.create_account) == ("nb-a-b", True)
    assert work.names == {"option.x": "{endpoint}", "endpoint": HOST, "auth_key": made.public_key}
    assert work.folder.parent == made.notebook.key_file.parent.parent
    assert work.folder != made.notebook.key_file.parent
    await house.close()


async def test_an_account_that_must_be_there_is_not_made(
    outside: Outside, configurer: MemoryConfigurer
) -> None:
    """Only `create` makes one."""
    house = outside.house()
    await house.start(outside.request(**of_a_host()))
    await house.close()

    assert [(work.account, work.create_account) for work in configurer.applied] == [("ann", False)]


async def test_the_way_in_is_renewed_first(outside: Outside, authenticator: MemoryAuthenticator) -> None:
    """Between the keys and the tasks minutes may pass."""
    house = outside.house()
    await house.start(outside.request(**of_a_host()))
    await house.close()

    assert [method for method, _ in authenticator.calls][:2] == ["prepare", "renew"]


async def test_the_way_in_stays_good_while_it_goes_on(outside: Outside) -> None:
    """Who configures may enter anew at any time; once that is over, nothing is renewed any more."""
    hanging = outside.components.configurers["a.Book"] = ConfigurerThatHangs()
    shortly = outside.components.authenticators["a.Key"] = AuthenticatorForMinutes(clock=outside.clock)
    house = outside.house()
    starting = asyncio.create_task(house.start(outside.request(**of_a_host())))
    await until(lambda: hanging.hangs and len(shortly.renewals) > 3)
    hanging.may_end.set()
    await starting
    await house.driver.settled()

    first, *others = shortly.renewals
    assert [later - earlier for earlier, later in pairwise([first, *others])] == [timedelta(minutes=5)] * len(
        others
    )
    assert not [each for each in asyncio.all_tasks() if "_again_and_again" in str(each.get_coro())]
    await house.close()


async def test_what_was_applied_is_recorded_for_the_resource(outside: Outside) -> None:
    """By the digest of the plan, so that it need not be applied to it again."""
    house, request = outside.house(), outside.request(**of_a_host())
    await house.start(request)

    [planned] = facts(outside, DeploymentPlanned)
    assert facts(outside, ConfigurerApplied) == [ConfigurerApplied(planned.configurer)]
    assert facts(outside, ResourceConfigured) == [ResourceConfigured(planned.configurer)]
    assert (await world_of(house, request.resource)).resource.configured == planned.configurer
    await house.close()


async def test_each_task_is_told_while_it_goes_on(outside: Outside) -> None:
    """To whoever listens, from the first one on, until nothing of the session is left."""
    hanging = outside.components.configurers["a.Book"] = ConfigurerThatHangs()
    house, request = outside.house(), outside.request(**of_a_host())
    heard: list[tuple[str, str, int, int | None]] = []

    def hear(task: TaskProgress) -> None:
        heard.append((task.task, task.state, task.done, task.total))

    async def listen() -> None:
        async for task in house.doings.follow(request.session):
            hear(task)

    listening, starting = asyncio.create_task(listen()), asyncio.create_task(house.start(request))
    await until(lambda: len(heard) == 3)
    latest = house.doings.latest(request.session)
    assert latest is not None
    assert latest.task == "Install the notebook"
    hanging.may_end.set()
    await starting
    await until(lambda: len(heard) == 4)

    first, second = hanging.settings.tasks
    assert heard == [
        (first, "started", 0, 2),
        (first, "ok", 1, 2),
        (second, "started", 1, 2),
        (second, "changed", 2, 2),
    ]
    await house.stop(request.session, "user", "stopped")
    await asyncio.wait_for(listening, 5)
    await nothing_is_left(outside, house, request)
    await house.close()


async def test_a_task_that_fails_is_told_with_its_host(outside: Outside) -> None:
    """To the user in words, in the log by task and host."""
    outside.components.configurers["a.Book"] = ConfigurerThatFails()
    failed = await fails(outside, outside.request(**of_a_host()))

    [fact] = facts(outside, ConfigurerFailed)
    assert (failed.code, failed.message) == (fact.code, fact.message) == ("task_failed", fact.message)
    assert (fact.task, fact.host) == ("Install the notebook", HOST)


async def test_a_stop_ends_what_goes_on_for_certain(outside: Outside) -> None:
    """Before the keys are destroyed and the machine is given back."""
    hanging = outside.components.configurers["a.Book"] = ConfigurerThatHangs()
    at_withdrawal: list[list[bool]] = []

    class AuthenticatorThatLooks(MemoryAuthenticator):
        async def withdraw(self, folder):
            at_withdrawal.append(list(hanging.hangs))
            await super().withdraw(folder)

    outside.components.authenticators["a.Key"] = AuthenticatorThatLooks()
    house, request = outside.house(), outside.request(**of_a_host())
    starting = asyncio.create_task(house.start(request))
    await until(lambda: hanging.hangs)
    await house.stop(request.session, "user", "stopped")
    with pytest.raises(SessionFailed):
        await starting
    await nothing_is_left(outside, house, request)

    assert at_withdrawal == [[]]
    await house.close()


async def test_a_start_that_is_cancelled_is_not_set_up_any_further(outside: Outside) -> None:
    """As when the hub's time for it is over."""
    hanging = outside.components.configurers["a.Book"] = ConfigurerThatHangs()
    house, request = outside.house(), outside.request(**of_a_host())
    starting = asyncio.create_task(house.start(request))
    await until(lambda: hanging.hangs)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await nothing_is_left(outside, house, request)
    session = await house.ledger.session(request.session)

    assert (session.phase, session.reason) == (SessionPhase.FAILED, "start_cancelled")
    assert hanging.hangs == []
    await house.close()


@pytest.mark.parametrize(
    ("configurer", "code"),
    [(ConfigurerThatCanNotBeApplied(), "playbook_missing"), (ConfigurerThatBreaks(), "internal_error")],
    ids=["cannot", "breaks"],
)
async def test_what_can_not_be_applied_from_here(
    outside: Outside, configurer: MemoryConfigurer, code: str
) -> None:
    """Nothing is done on the host; a mistake of an adapter is not quoted."""
    outside.components.configurers["a.Book"] = configurer
    failed = await fails(outside, outside.request(**of_a_host()))

    assert failed.code == code
    assert "secret" not in failed.message
    assert configurer.applied == []


async def test_what_prepares_a_machine_is_made_beside_the_event_loop(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making it looks for a package, imports it and reads secrets, while others wait for the hub."""
    made_in: dict[str, set[int]] = {}
    for kind in ("authenticator", "configurer"):
        make = getattr(MemoryComponents, kind)

        def noting(self: Any, *said: Any, kind: str = kind, make: Any = make) -> Any:
            made_in.setdefault(kind, set()).add(threading.get_ident())
            return make(self, *said)

        monkeypatch.setattr(MemoryComponents, kind, noting)
    house = outside.house()
    await house.start(outside.request(**of_a_host()))
    assert set(made_in) == {"authenticator", "configurer"}
    assert threading.get_ident() not in set().union(*made_in.values())
    await house.close()


async def test_a_configurer_that_is_missing_is_told(outside: Outside) -> None:
    """What it says is what to do."""
    del outside.components.configurers["a.Book"]
    failed = await fails(outside, outside.request(**of_a_host()))

    assert (failed.code, failed.message) == ("configurer_missing", "no configurer a.Book")


async def test_a_way_in_that_is_lost_before_it_begins(outside: Outside, configurer: MemoryConfigurer) -> None:
    """Code and words are the authenticator's."""
    outside.components.authenticators["a.Key"] = AuthenticatorThatLosesItsKeys()
    failed = await fails(outside, outside.request(**of_a_host()))

    assert failed.code == "credentials_missing"
    assert configurer.applied == []


async def test_no_configurer_without_an_authenticator(outside: Outside, configurer: MemoryConfigurer) -> None:
    """There is no way in."""
    failed = await fails(outside, outside.request(**of_a_host(authenticator=None)))

    assert failed.code == "no_authenticator"
    assert configurer.applied == []


async def test_who_reads_the_log_can_not_try_a_password_that_a_digest_covers(
    outside: Outside, configurer: MemoryConfigurer
) -> None:
    """It is made with a key of this private store; what a user has in common with others stays so."""
    ann, ben = of_a_host("ann")["document"], of_a_host("ben")["document"]
    house = outside.house()
    first, second = [(await house.performer.configuring.digests(each)).configurer for each in (ann, ben)]
    told = await configurer.digest(ann["names"])
    assert first is not None
    assert second is not None
    assert (len(first), first[:32], first[32:] == second[32:]) == (64, second[:32], False)
    assert told[:32] not in first
    (key,) = await outside.private.keys()
    await outside.private.forget(key)
    assert (await house.performer.configuring.digests(ann)).configurer not in (first, None)


async def test_digests_tell_what_changes_what_is_applied(outside: Outside) -> None:
    """Settings and names do; where nothing is entered or set up there is none."""
    digests = outside.house().performer.configuring.digests
    document = of_a_host()["document"]
    first = await digests(document)
    named = await digests(of_a_host("ben")["document"])
    keyed = await digests({**document, "authenticator": {"class": "a.Key", "settings": {"key_name": "x"}}})
    none = await digests({**document, "authenticator": None, "configurer": None})

    assert first == await digests(document)
    assert (named.authenticator, named.configurer == first.configurer) == (first.authenticator, False)
    assert (keyed.configurer, keyed.authenticator == first.authenticator) == (first.configurer, False)
    assert (none.authenticator, none.configurer) == (None, None)
    with pytest.raises(ConfigurerMissing):
        await digests({**document, "configurer": {"class": "another", "settings": {}}})
