"""Who rents out resources."""
