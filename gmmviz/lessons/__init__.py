"""What each lesson page computes, as pure functions: its settings, its data, its runs. One file a lesson."""
