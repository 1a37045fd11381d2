"""The pages that a hub shows of ours, beside or in the place of its own."""
