"""The player's JavaScript modules, each against Python."""
