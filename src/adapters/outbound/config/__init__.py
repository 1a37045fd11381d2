"""The administrator's two files: read, checked as a whole, and turned into offers."""
