"""Who calls us: JupyterHub and the command line."""
