"""What the commands do, one module each; nothing here is needed by a page."""
