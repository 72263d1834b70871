"""Shops under load: people at their tills, and programs that die."""
