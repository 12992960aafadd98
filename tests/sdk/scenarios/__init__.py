"""What every version of google-genai must be able to do; each function is one test."""
