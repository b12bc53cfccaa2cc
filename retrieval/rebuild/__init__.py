"""A lost block made again: a page's characters in relief, as a solid for carving or printing."""
