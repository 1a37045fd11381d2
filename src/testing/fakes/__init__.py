"""Stand-ins for ports, named by how they behave; each passes the contract suite of its port."""
