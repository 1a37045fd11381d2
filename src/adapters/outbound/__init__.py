"""Whom we call: providers, stores, clocks and inner spawners."""
