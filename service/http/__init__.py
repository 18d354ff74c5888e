"""What every call has: who asks, limits, problems, logs; and bodies that hold files."""
