"""What operators do with a whole installation: check its files, back it up, restore it."""
