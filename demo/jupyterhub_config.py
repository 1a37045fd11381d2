"""JupyterHub with MultipleSpawner, for trying it out on one machine; demo/start.py runs it."""

import os
from pathlib import Path

c = get_config()  # noqa: F821  JupyterHub hands it to this file

here = Path(__file__).resolve().parent
state = Path(os.environ["DEMO_STATE"])
port = int(os.environ["DEMO_PORT"])

c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 1}"
c.ConfigurableHTTPProxy.command = [os.environ["DEMO_PROXY"]]
c.ConfigurableHTTPProxy.log_level = "warn"
# fixed, so that notebooks find a hub that was killed and started again
c.JupyterHub.hub_port = port + 2
c.JupyterHub.db_url = f"sqlite:///{state}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(state / "cookie_secret")
c.JupyterHub.log_level = "WARN"
c.JupyterHub.allow_named_servers = True

# one password for all, for a hub that only this machine reaches
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = (state / "password").read_text().strip()
c.Authenticator.allowed_users = {"ada", "grace"}

# the inner spawner: every notebook runs as whoever started the hub, in a folder of its own
c.SimpleLocalProcessSpawner.home_dir_template = f"{state}/home/{{username}}"
c.SimpleLocalProcessSpawner.args = ["--log-level=WARN"] + (["--allow-root"] if os.geteuid() == 0 else [])

c.MultipleSpawner.directory = str(state / "multiplespawner")
c.MultipleSpawner.template_file = str(here / "spawner_templates.json")
c.MultipleSpawner.deployment_file = str(here / "spawner_deployment.json")
c.MultipleSpawner.log_format = "console"
c.JupyterHub.spawner_class = "multiplespawner.MultipleSpawner"
