"""Backups: what stands in one, how it is made, judged and restored, where they lie, which of them are kept.

A backup is one ZIP file of members with a manifest and a seal (`archive`); the folder of them is a shelf (`shelf`).
Neither opens a database: `making` and `restoring` do, and pages ask for those two as an errand (`errands`).
"""
