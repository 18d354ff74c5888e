"""What ails an installation: everything that the service rests on, looked at one by one."""
