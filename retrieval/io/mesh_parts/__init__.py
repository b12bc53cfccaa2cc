"""What several readers of mesh formats share, and the inner parts of the larger ones."""
