"""What staff are told about lessons: figures, what they mean, and how they are handed on."""
