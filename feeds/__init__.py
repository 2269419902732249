"""What subscribers read: items in, feed bytes out. Pure."""
