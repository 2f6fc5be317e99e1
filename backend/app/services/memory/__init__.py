"""What is remembered of people between conversations: brought back where it helps."""
