"""What admins decide: who writes how, how much of it a day, and which strategy is in force."""
