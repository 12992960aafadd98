"""Where a picture comes from: its invisible watermark, its signed manifest, and reading both."""
