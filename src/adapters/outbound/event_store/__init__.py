"""The event log on the eventsourcing library."""
