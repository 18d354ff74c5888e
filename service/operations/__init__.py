"""What whoever operates the service looks at: health, measures, logs."""
