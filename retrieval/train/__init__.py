"""Training: what is drawn, what is lost, and the loop that survives being killed."""
