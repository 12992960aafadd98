"""One module a family of questions: each answers from a view, in plain English."""
