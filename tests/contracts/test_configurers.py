"""Every configurer, real or fake, keeps the contract."""

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ansible_rig import Site, command
from multiplespawner.adapters.outbound.configurers.ansible_configurer import AnsibleConfigurer
from multiplespawner.application.ports.authenticator import Access
from multiplespawner.application.ports.configurer import Work
from multiplespawner.testing.contracts.configurer import ConfigurerContract
from multiplespawner.testing.fakes.memory_configurer import (
    ConfigurerThatFails,
    ConfigurerThatHangs,
    MemoryConfigurer,
)
from ssh_hosts import SshHost


class TestMemoryConfigurer(ConfigurerContract):
    """The fakes."""

    @pytest.fixture
    def configurer(self) -> MemoryConfigurer:
        return MemoryConfigurer()

    @pytest.fixture
    def failing(self) -> ConfigurerThatFails:
        return ConfigurerThatFails()

    @pytest.fixture
    def endless(self) -> ConfigurerThatHangs:
        return ConfigurerThatHangs()

    @pytest.fixture
    def runs(self, endless: ConfigurerThatHangs) -> Callable[[], bool]:
        return lambda: bool(endless.hangs)

    @pytest.fixture
    def work(self, tmp_path: Path) -> Work:
        folder = tmp_path / "run"
        folder.mkdir(mode=0o700)
        access = Access("192.0.2.1", 22, "root", tmp_path / "key", tmp_path / "known_hosts")
        return Work(access, "ada", True, {"JUPYTERHUB_USER": "ada"}, folder)


class TestAnsibleConfigurer(ConfigurerContract):
    """Ansible, at a host that is entered over SSH."""

    @pytest.fixture
    def site(self, ssh_host: SshHost, tmp_path: Path) -> Site:
        return Site.found(ssh_host, tmp_path)

    @pytest.fixture
    def configurer(self, site: Site) -> AnsibleConfigurer:
        tasks = (command("Look", "true"), command("Look as root", "true", become=True))
        return site.configurer(*tasks, variables={"name": "{JUPYTERHUB_USER}"})

    @pytest.fixture
    def failing(self, site: Site) -> AnsibleConfigurer:
        return site.configurer(command("Fail", "false"), command("Never", "true"))

    @pytest.fixture
    def endless(self, site: Site) -> AnsibleConfigurer:
        return site.configurer(command("Look", "true"), command("Sleep", "sleep", "86399.5", become=True))

    @pytest.fixture
    def runs(self, site: Site) -> Callable[[], bool]:
        return lambda: site.runs("86399.5")

    @pytest.fixture
    def work(self, site: Site) -> Work:
        return site.work()

    async def test_cancelled_it_has_ended(
        self, endless: AnsibleConfigurer, work: Work, runs: Callable[[], bool]
    ) -> None:
        """The same, and on this machine no process is left that was not there before."""
        before = set(psutil.pids())
        await super().test_cancelled_it_has_ended(endless, work, runs)
        mine = psutil.Process()
        assert {process.pid for process in mine.children(recursive=True)} <= before
