"""House standards: what we do at each moment of service, said in the customer's hearing, and how evenly it is kept."""
