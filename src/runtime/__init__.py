"""Names that administrators' own code may use."""
