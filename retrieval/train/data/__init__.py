"""What there is to learn from: glyphs, meshes, real crops, drawn inputs, and the validation set."""
