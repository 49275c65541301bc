"""Who fits a service, and who may serve whom."""
