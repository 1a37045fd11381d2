"""Inner spawners: any JupyterHub Spawner class, constructed and driven by ours."""
