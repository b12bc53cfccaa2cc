"""Maps of vectors: what is alike lies together. Nothing is imported here: UMAP has a process of its own."""
