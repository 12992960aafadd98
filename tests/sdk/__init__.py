"""The official clients as judges, on a real port."""
