"""The commands: what each takes, says and answers; what it does is imported when it runs."""
