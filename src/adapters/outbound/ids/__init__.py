"""Fresh identifiers."""
