"""The network that finds characters, its weights file, and what its maps are read as."""
