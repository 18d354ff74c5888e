"""Pages of what a laboratory has: lots, instruments, people, keys, studies, and the audit."""
