"""Compare: runs side by side that differ in one setting, in step."""
