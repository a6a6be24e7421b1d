"""Pictures of one chapter each."""
