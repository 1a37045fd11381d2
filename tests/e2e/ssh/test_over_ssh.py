"""A notebook on a host that is entered over SSH, through a real hub and its proxy."""

from e2e.hubs import real_hub
from e2e.over_ssh import ca_of, left_on, over_ssh, pool, prepare, reservations


def test_a_notebook_on_a_host(proxy, tmp_path, ssh_host):
    """It starts with a short-lived certificate, answers through the tunnel, and leaves nothing."""
    prepare(ssh_host, "ann", ca=ca_of(tmp_path / "ms"))
    offers = ([over_ssh()], {"bare_metal": [{"name": "any", "hosts": pool([ssh_host])}]})
    with real_hub(tmp_path, proxy, offers=offers) as hub:
        told = hub.launch("ann")
        assert told
        assert reservations(hub) == 1
        hub.stop_server("ann")
        hub.wait("release", hub.nothing_is_held)
        assert reservations(hub) == 0
    assert left_on(ssh_host).is_nothing
