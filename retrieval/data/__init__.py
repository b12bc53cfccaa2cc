"""Which characters to learn, what is held out, and the real crops."""
