"""A new model going live while people work, and embedding a gallery anew."""
