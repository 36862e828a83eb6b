"""What every decision rests on: the facts of one look, and the simplest conclusions from them."""
