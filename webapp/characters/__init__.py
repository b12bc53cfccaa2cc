"""What is known of Han characters: readings, radicals, strokes and components. Read-only, pure Python."""
