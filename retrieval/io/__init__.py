"""Files: images, meshes, benchmark sets in; finished files and folders out, whole or not at all."""
