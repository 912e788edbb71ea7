"""What is at stake beside the cost: a customer's worth with its range, and charges that should not have been made."""
