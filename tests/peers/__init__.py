"""The same eight sections at once by LessonGen, by Google's SDK alone, and by other libraries.

`make bench-peers` runs it. Every stack has a process of its own, and the same emulator, prompts,
schemas and replies; all stream, as a page that fills while a model writes needs. What runs in the
peers' environment (`worker`, `task` and the stacks that are named after a library) imports nothing
of LessonGen, which is not installed there.
"""
