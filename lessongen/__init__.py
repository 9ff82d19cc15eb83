"""Complete English lessons, written section by section by several Gemini models at once."""
