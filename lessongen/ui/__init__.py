"""What people see: the shell, and the drawing that pages share."""
