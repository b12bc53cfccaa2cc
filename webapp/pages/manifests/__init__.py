"""IIIF Presentation manifests: lists of a book's pictures, which lie elsewhere."""
