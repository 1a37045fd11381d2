"""A host is entered before anything else is done on it, and afterwards nothing opens it any more."""

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from houses import Outside, is_released, of_a_host, until
from multiplespawner.application.house import House
from multiplespawner.application.ports.authenticator import AuthenticationFailed
from multiplespawner.application.ports.inner_spawner import Equipment
from multiplespawner.application.use_cases.session_request import SessionRequest
from multiplespawner.application.use_cases.start_session import SessionFailed
from multiplespawner.domain.deployment import (
    AuthenticatorFailed,
    AuthenticatorPrepared,
    DeploymentWithdrawFailed,
)
from multiplespawner.domain.session import Session
from multiplespawner.domain.values import Endpoint
from multiplespawner.testing.fakes.memory_authenticator import AuthenticatorThatRefuses, MemoryAuthenticator
from multiplespawner.testing.fakes.memory_configurer import MemoryConfigurer, MemoryConfigurerSettings
from multiplespawner.testing.fakes.memory_provider import MemoryProvider
from multiplespawner.testing.fakes.scripted_inner_spawners import SpawnerThatStarts

HOST = "192.0.2.2"
"""Of the first thing that is rented from the fake."""


class ProviderThatKnowsWhoConfigures(MemoryProvider):
    """Says so of each of its machines, and vouches for its key."""

    async def get(self, id):  # noqa: A002 - the port's word
        return evolve(await super().get(id), user="ops", host_keys=("ssh-ed25519 AAAA",))


class AuthenticatorThatNotes(MemoryAuthenticator):
    """Keeps the targets."""

    async def prepare(self, target):
        object.__setattr__(self, "target", target)
        return await super().prepare(target)


class AuthenticatorThatFailsToWithdraw(MemoryAuthenticator):
    """Once."""

    async def withdraw(self, folder):
        before = [method for method, _ in self.calls]
        await super().withdraw(folder)
        if "withdraw" not in before:
            raise AuthenticationFailed("ca_unreachable", "As scripted.")


def facts(outside: Outside, kind: type) -> list[Any]:
    """All facts of one kind in the log."""
    return [record.fact for record in outside.log._records if isinstance(record.fact, kind)]


def folder_of(outside: Outside, session: Session) -> Path:
    """Where the credentials of a session lie."""
    assert outside.private._folder is not None
    return Path(outside.private._folder.name, "deployment", session.deployment or "", "ssh")


async def stop(house: House, request: SessionRequest) -> None:
    """End a session, and wait until nothing of it is held."""
    await house.stop(request.session, "user", "stopped")
    await until(lambda: is_released(house, request.resource))
    await house.driver.settled()


async def fails(outside: Outside, house: House, request: SessionRequest) -> SessionFailed:
    """Why a start fails; nothing of it is left."""
    with pytest.raises(SessionFailed) as failed:
        await house.start(request)
    await until(lambda: is_released(house, request.resource))
    await house.driver.settled()
    session = await house.ledger.session(request.session)

    assert outside.provider.instances == {}
    assert await outside.private.keys() == ()
    assert outside.private._folder is None or not folder_of(outside, session).parent.exists()
    await house.close()
    return failed.value


async def test_what_was_verified_and_issued_is_recorded(outside: Outside, authenticator: Any) -> None:
    """Fingerprints, serial and end, and nothing that opens anything."""
    house, request = outside.house(), outside.request(**of_a_host())
    session = await house.start(request)
    made = authenticator.made[folder_of(outside, session)]

    assert facts(outside, AuthenticatorPrepared) == [
        AuthenticatorPrepared(
            made.fingerprint, made.serial, facts(outside, AuthenticatorPrepared)[0].until, made.host_key
        )
    ]
    assert folder_of(outside, session).stat().st_mode & 0o777 == 0o700
    await house.close()


async def test_the_target_is_what_the_provider_vouches_for(outside: Outside) -> None:
    """Address, host keys, the notebook's account, and who configures where no configurer says it."""
    noting = outside.components.authenticators["a.Key"] = AuthenticatorThatNotes()
    outside.provider = ProviderThatKnowsWhoConfigures()
    house, request = outside.house(), outside.request(**of_a_host())
    session = await house.start(request)
    target = noting.target

    assert (target.endpoint, target.host_keys) == (Endpoint(HOST, 22), ("ssh-ed25519 AAAA",))
    assert (target.account, target.administrator) == ("ann", "ops")
    assert target.folder == folder_of(outside, session)
    await house.close()


async def test_who_configures_is_whom_the_configurer_names_first(outside: Outside) -> None:
    """Else whom the provider says, else nobody but the notebook's account."""
    outside.provider = ProviderThatKnowsWhoConfigures()
    outside.components.configurers["a.Book"] = MemoryConfigurer(MemoryConfigurerSettings(ansible_user="root"))
    configurer = outside.components.configurers["a.Book"]
    house = outside.house()
    await house.start(outside.request(**of_a_host()))
    await house.close()

    assert [work.access.user for work in configurer.applied] == ["root"]


async def test_without_anybody_who_configures_it_is_the_notebooks_account(
    outside: Outside, configurer: Any
) -> None:
    """That is asked for everything."""
    house = outside.house()
    await house.start(outside.request(**of_a_host()))
    await house.close()

    assert [work.access.user for work in configurer.applied] == ["ann"]


@pytest.mark.parametrize("said", ["configurer", "provider", "both", "another offer"])
async def test_nobody_becomes_who_configures_for_being_called_so(
    outside: Outside, said: str, authenticator: Any
) -> None:
    """The start is refused before any key is made."""
    if said in ("configurer", "both"):
        name = "ops" if said == "configurer" else "boss"
        configurer = MemoryConfigurer(MemoryConfigurerSettings(ansible_user=name))
        outside.components.configurers["a.Book"] = configurer
    if said in ("provider", "both"):
        outside.provider = ProviderThatKnowsWhoConfigures()
    more = {"reserved": ["ops"]} if said == "another offer" else {}
    asked = of_a_host("ops", account={"name": "ops", "mode": "existing", **more})
    failed = await fails(outside, outside.house(), outside.request(**asked))

    assert failed.code == "account_reserved"
    assert "prepare" not in [method for method, _ in authenticator.calls]


async def test_a_fixed_account_may_be_who_configures(outside: Outside, configurer: Any) -> None:
    """An administrator said so."""
    outside.provider = ProviderThatKnowsWhoConfigures()
    house = outside.house()
    await house.start(outside.request(**of_a_host(account={"name": "ops", "mode": "fixed"})))
    await house.close()

    assert [(work.account, work.access.user) for work in configurer.applied] == [("ops", "ops")]


async def test_the_notebook_is_told_its_way_in_and_asks_for_each_connection(
    outside: Outside, authenticator: Any
) -> None:
    """Certificates last minutes: each time they are renewed."""
    inner = SpawnerThatStarts()
    house, request = outside.house(), outside.request(inner, **of_a_host())
    session = await house.start(request)
    equipment = inner.equipment
    assert isinstance(equipment, Equipment)
    assert equipment.access is not None
    before = [method for method, _ in authenticator.calls].count("renew")
    accesses = [await equipment.access() for _ in range(2)]
    made = authenticator.made[folder_of(outside, session)]

    assert accesses == [made.notebook] * 2
    assert [method for method, _ in authenticator.calls].count("renew") == before + 2
    assert equipment.names == {"JUPYTERHUB_USER": "ann", "endpoint": HOST, "auth_key": made.public_key}
    await house.close()


async def test_what_is_made_again_is_told_its_way_in(outside: Outside) -> None:
    """Another house, or this one after a restart, has the same keys and names."""
    first, request = outside.house(), outside.request(**of_a_host())
    await first.start(request)
    first_told = outside.spawners.held.pop(request.session).equipment
    again = outside.spawners.after_restart[request.session] = SpawnerThatStarts(running=True)
    second = outside.house()

    assert await second.poll(request.session) is None
    assert again.equipment.names == first_told.names
    assert await again.equipment.access() == await first_told.access()
    await first.close()
    await second.close()


async def test_no_way_in_without_an_authenticator(outside: Outside, authenticator: Any) -> None:
    """Its names are told all the same."""
    inner = SpawnerThatStarts()
    house, request = outside.house(), outside.request(inner, **of_a_host(authenticator=None, configurer=None))
    await house.start(request)
    await stop(house, request)

    assert inner.equipment == Equipment({"JUPYTERHUB_USER": "ann", "endpoint": HOST})
    assert authenticator.calls == []
    await house.close()


async def test_afterwards_no_key_is_left(outside: Outside, authenticator: Any) -> None:
    """Neither its files nor its folder nor what is known of it."""
    house, request = outside.house(), outside.request(**of_a_host())
    session = await house.start(request)
    folder = folder_of(outside, session)
    assert folder.is_dir()
    await stop(house, request)

    assert authenticator.made == {}
    assert not folder.parent.exists()
    assert await outside.private.keys() == ()
    await house.close()


async def test_who_asks_for_a_way_in_afterwards_makes_nothing(outside: Outside) -> None:
    """As a spawner that still tries to connect again: no folder comes back that nobody would find."""
    inner = SpawnerThatStarts()
    house, request = outside.house(), outside.request(inner, **of_a_host())
    session = await house.start(request)
    await stop(house, request)
    assert inner.equipment is not None
    assert inner.equipment.access is not None
    with pytest.raises(AuthenticationFailed) as failed:
        await inner.equipment.access()

    assert failed.value.code == "credentials_missing"
    assert not folder_of(outside, session).parent.exists()
    await house.close()


async def test_a_refusal_is_told_and_leaves_nothing(outside: Outside) -> None:
    """Code and words are the authenticator's."""
    refusal = AuthenticationFailed("host_key_mismatch", "It is another machine.")
    outside.components.authenticators["a.Key"] = AuthenticatorThatRefuses(refusals={HOST: refusal})
    failed = await fails(outside, outside.house(), outside.request(**of_a_host()))

    assert (failed.code, failed.message) == ("host_key_mismatch", "It is another machine.")
    assert facts(outside, AuthenticatorFailed) == [
        AuthenticatorFailed("host_key_mismatch", "It is another machine.")
    ]


async def test_an_authenticator_that_is_missing_is_told(outside: Outside) -> None:
    """What it says is what to do."""
    del outside.components.authenticators["a.Key"]
    failed = await fails(outside, outside.house(), outside.request(**of_a_host()))

    assert (failed.code, failed.message) == ("authenticator_missing", "no authenticator a.Key")


async def test_keys_go_though_their_authenticator_is_missing_by_then(outside: Outside) -> None:
    """Nobody's machine is held because a package was removed: the keys are files in a folder of ours."""
    house, request = outside.house(), outside.request(**of_a_host())
    session = await house.start(request)
    del outside.components.authenticators["a.Key"]
    await stop(house, request)

    assert not folder_of(outside, session).parent.exists()
    assert outside.provider.instances == {}
    await house.close()


async def test_withdrawing_is_tried_until_it_succeeds(outside: Outside) -> None:
    """Only then is the machine given back."""
    outside.components.authenticators["a.Key"] = AuthenticatorThatFailsToWithdraw()
    house, request = outside.house(), outside.request(**of_a_host())
    await house.start(request)
    await stop(house, request)

    assert [(fact.attempt, fact.code) for fact in facts(outside, DeploymentWithdrawFailed)] == [
        (1, "ca_unreachable")
    ]
    assert outside.provider.instances == {}
    await house.close()


async def test_a_machine_without_an_address_can_not_be_entered(outside: Outside, monkeypatch: Any) -> None:
    """As where the inner spawner reaches it by itself."""
    get = outside.provider.get

    async def nowhere(id_: str) -> Any:
        return evolve(await get(id_), endpoint=Endpoint())

    monkeypatch.setattr(outside.provider, "get", nowhere)
    assert (await fails(outside, outside.house(), outside.request(**of_a_host()))).code == "no_address"


async def test_names_are_filled_into_what_a_template_says_of_it(outside: Outside) -> None:
    """Once, as text."""
    settings = {"key_name": "{JUPYTERHUB_USER}_id_rsa", "other": ["{option.x}", "{endpoint}"]}
    names = {"JUPYTERHUB_USER": "ann", "option.x": "{endpoint}"}
    said = of_a_host(authenticator={"class": "a.Key", "settings": settings}, names=names)
    house = outside.house()
    await house.start(outside.request(**said))
    await house.close()

    assert ("a.Key", {"key_name": "ann_id_rsa", "other": ["{endpoint}", HOST]}) in outside.components.settings


@pytest.mark.parametrize("user", ["../../x", "..", ".", "a/b", "a\0b", ""])
async def test_no_users_text_leads_to_another_file(outside: Outside, user: str, authenticator: Any) -> None:
    """What a template says of an authenticator are names of files, so it is refused."""
    said = of_a_host(
        authenticator={"class": "a.Key", "settings": {"key_name": "{JUPYTERHUB_USER}"}},
        names={"JUPYTERHUB_USER": user},
    )
    failed = await fails(outside, outside.house(), outside.request(**said))

    assert failed.code == "name_not_usable"
    assert authenticator.calls == []
