"""What was concluded and told, and the hooks that wait to hear of it."""
