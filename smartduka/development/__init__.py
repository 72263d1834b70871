"""What only developers start. It stands first among the apps, so that its `runserver` is the one that runs."""
