"""A living shop to look at and to try things on: weeks of trade, made by the shop's own verbs.

Nothing here writes a row of a ledger. Deliveries, sales, repayments, returns, counts and losses go through the
same doors as a person's, each at its own moment in the past, so the books of a demo are as good as any.
"""
