"""What is made: products and targets, output and its verification, lots and the ledgers."""

from production.models.ledger import Account, Lot, ReportMovement, StockBalance, StockMovement, Store
from production.models.output import OutputEntry, OutputLine, OutputPhoto
from production.models.product import ActivityProduct, DistrictProgress, Product
from production.models.target import DistrictTarget, ProductTarget, PublishedFigure

__all__ = [
    "Account",
    "ActivityProduct",
    "DistrictProgress",
    "DistrictTarget",
    "Lot",
    "OutputEntry",
    "OutputLine",
    "OutputPhoto",
    "Product",
    "ProductTarget",
    "PublishedFigure",
    "ReportMovement",
    "StockBalance",
    "StockMovement",
    "Store",
]
