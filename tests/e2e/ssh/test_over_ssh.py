"""A notebook on a host that is entered over SSH, through a real hub and its proxy."""

from e2e.hubs import real_hub
from e2e.over_ssh import ca_of, left_on, over_ssh, pool, prepare, reservations
from e2e.test_internal_tls import CONFIG as TLS


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


def test_hub_proxy_and_notebook_trust_only_each_other(proxy, tmp_path, ssh_host):
    """Internal TLS: the certificates go to the host with the start, and a restarted hub still reaches it."""
    prepare(ssh_host, "ann", ca=ca_of(tmp_path / "ms"))
    offers = ([over_ssh()], {"bare_metal": [{"name": "any", "hosts": pool([ssh_host])}]})
    with real_hub(tmp_path, proxy, offers=offers, config=TLS) as hub:
        told = hub.launch("ann")
        assert told["env"]["JUPYTERHUB_SERVICE_URL"].startswith("https://127.0.0.1:")
        assert told["env"]["JUPYTERHUB_API_URL"].startswith("https://127.0.0.1:")
        key = told["env"]["JUPYTERHUB_SSL_KEYFILE"]
        assert key.startswith("/home/ann/.jupyterhub-resources/")
        assert (ssh_host.root / key.removeprefix("/")).stat().st_mode & 0o077 == 0
        hub.kill()
        hub.start()
        hub.wait("server", lambda: hub.ready("ann"))
        assert hub.told("ann")["pid"] == told["pid"]
        hub.stop_server("ann")
        hub.wait("release", hub.nothing_is_held)
    assert left_on(ssh_host).is_nothing
