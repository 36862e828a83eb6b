"""What a child's need makes of its license: ordered, adapted, renewed, or why it has none."""
