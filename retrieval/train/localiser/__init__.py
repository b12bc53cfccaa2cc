"""Training of the localiser: drawn pages and real ones, cut into tiles."""
