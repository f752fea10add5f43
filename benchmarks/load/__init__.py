"""Many people at once: real websockets, every figure they see checked. Run: make load."""
