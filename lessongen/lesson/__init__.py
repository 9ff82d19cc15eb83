"""What a lesson is: the request, the brief, and one module a section."""
