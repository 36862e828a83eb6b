"""A pretend remote with licenses, money and a clock. It shares no code with the client."""
