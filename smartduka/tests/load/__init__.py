"""Shops under load: real servers, real tills, and a database of their own on the suite's engine."""
