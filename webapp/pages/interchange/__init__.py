"""Pages with their boxes as other programs write them: one frozen page, and a module for each format."""
