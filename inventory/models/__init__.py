"""What is on the shelf, and why."""

from inventory.models.catalogue import Category, Pack, Product, Supplier
from inventory.models.receipts import GoodsReceipt, GoodsReceiptLine
from inventory.models.stock import StockMovement

__all__ = ["Category", "GoodsReceipt", "GoodsReceiptLine", "Pack", "Product", "StockMovement", "Supplier"]
