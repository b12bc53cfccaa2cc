"""Every method side by side: trained alike where there is something to train, scored on the same sets."""
