"""Who may drive a resource, across processes."""
