"""What crosses the network, spelt once."""
