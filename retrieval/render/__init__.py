"""A mesh becomes what a reader sees: plane, height map, shaded picture, virtual print, viewer mesh."""
