"""Score rankings on benchmark sets, the product's own and the classical ones."""
