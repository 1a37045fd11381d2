"""A real notebook: its kernel computes, and outlives the hub's end and its crash."""

from e2e.hubs import LOCAL, local, real_hub
from e2e.kernels import Kernel

PLAIN_SERVER = {"JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp"}
"""Without the interface for people, which nobody looks at here."""


def test_a_kernel_outlives_the_hub(proxy, tmp_path):
    """It computes over the proxy; its variable is there after the hub was ended, and after it was killed."""
    kwargs = {"args": ["--allow-root"], "environment": PLAIN_SERVER}
    offers = ([local(spawner={"class": LOCAL, "kwargs": kwargs}, start_timeout=90, http_timeout=90)],)
    with real_hub(tmp_path, proxy, offers=offers) as hub:
        hub.api("POST", "users/ann")
        assert hub.api("POST", "users/ann/server").status_code in (201, 202)
        hub.wait("server", lambda: hub.ready("ann"))
        kernel = Kernel.begin(f"{hub.url}/user/ann", hub.token("ann"))
        assert kernel.run("answer = 6*7; answer") == "42"
        for end in (hub.stop, hub.kill):
            end()
            hub.start()
            hub.wait("server", lambda: hub.ready("ann"))
            assert kernel.run("answer") == "42"
        hub.stop_server("ann")
        hub.wait("release", hub.nothing_is_held)
        assert hub.starts == 1
        assert [each for each in hub.processes() if "singleuser" in str(each.cmdline())] == []
