"""How a class is served: several processes of the app, HAProxy in front of them, or what of that is there."""
