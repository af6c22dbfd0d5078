"""The review app: pages in the browser, and the player through which a coach steps from moment to moment."""
