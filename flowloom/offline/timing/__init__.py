"""What starts a workflow: schedules and events in words."""
