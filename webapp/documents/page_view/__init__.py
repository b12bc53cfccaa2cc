"""One scan with its boxes: its page, what scripts and programs send of it, and its pictures."""
