"""What every engine around a chat model shares: messages, media, functions, thinking, calls and boxes."""
