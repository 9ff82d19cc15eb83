"""Files a teacher takes away: a lesson as Markdown, as a Word document, and as data."""
