"""Pages of quality over time: how steady an instrument is, and what is written into its log."""
