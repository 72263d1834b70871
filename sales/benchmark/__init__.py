"""How fast the shop sells, beside how fast its database could: `manage.py benchmark checkout`."""
