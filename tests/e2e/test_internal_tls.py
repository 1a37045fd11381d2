"""Internal TLS: the inner spawner's certificates are made, moved and used, also after a restart."""

from e2e.hubs import real_hub

CONFIG = """
from pathlib import Path
c.JupyterHub.internal_ssl = True
c.JupyterHub.internal_certs_location = str(Path("certificates").absolute())
c.JupyterHub.hub_bind_url = f"https://127.0.0.1:{port + 2}"
c.ConfigurableHTTPProxy.api_url = f"https://127.0.0.1:{port + 1}"
"""


def test_hub_proxy_and_notebook_trust_only_each_other(proxy, tmp_path):
    """The notebook gets its own files and a restarted hub still reaches it."""
    with real_hub(tmp_path, proxy, config=CONFIG) as hub:
        told = hub.launch("ann")
        environment = told["env"]
        assert environment["JUPYTERHUB_SERVICE_URL"].startswith("https://")
        assert environment["JUPYTERHUB_SSL_KEYFILE"].startswith(str(tmp_path / "certificates"))
        hub.kill()
        hub.start()
        hub.wait("server", lambda: hub.ready("ann"))
        assert hub.told("ann")["pid"] == told["pid"]
        hub.stop_server("ann")
        hub.wait("release", hub.nothing_is_held)
