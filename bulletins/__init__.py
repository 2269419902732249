"""What a bulletin page says: page bytes in, items out. Pure."""
