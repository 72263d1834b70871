"""The whole trade once more, without a database: what the program must do, in whole numbers.

Nothing here uses the program's own arithmetic. Money is cents, a cost per unit is ten-thousandths of a shilling,
quantities are base units; so every rounding is written out, and a wrong one in the program stands out.
"""
