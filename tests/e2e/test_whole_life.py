"""From a request to the last trace, with stand-ins for notebooks: each fact in its order."""

from e2e.hubs import real_hub


def test_a_server_starts_tells_where_it_is_and_leaves_nothing(proxy, tmp_path):
    """The facts of one life are in the log, in order, and no process is left."""
    with real_hub(tmp_path, proxy) as hub:
        told = hub.launch("ann")
        assert told["env"]["JUPYTERHUB_USER"] == "ann"
        assert hub.api("DELETE", "users/ann/server").status_code == 204
        hub.wait("end", lambda: hub.facts()[-1][1] == "resource.released")
        assert [topic for _, topic in hub.facts()] == [
            "configuration.loaded",
            "session.requested",
            "session.placed",
            "resource.requested",
            "deployment.planned",
            "deployment.spawner_starting",
            "deployment.spawner_state_changed",
            "resource.created",
            "resource.provisioned",
            "deployment.spawner_started",
            "session.started",
            "session.stop_requested",
            "deployment.spawner_stopping",
            "deployment.spawner_stopped",
            "deployment.withdrawn",
            "session.ended",
            "resource.release_requested",
            "resource.released",
        ]
        assert [process.name() for process in hub.processes() if "stand_in" in str(process.cmdline())] == []
