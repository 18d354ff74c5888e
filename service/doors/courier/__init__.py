"""What takes messages to other systems, and asks until each has been acknowledged or refused."""
