"""How any training runs: the loop, its checkpoints, several processes, a graceful stop."""
