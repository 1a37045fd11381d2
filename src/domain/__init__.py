"""What is true of sessions, resources, deployments and allowances: pure, no I/O, clock or chance."""
