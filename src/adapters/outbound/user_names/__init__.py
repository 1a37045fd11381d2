"""Who a user id is, beside the log."""
