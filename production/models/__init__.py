"""What is made: products and targets, output and its verification, lots and the ledgers."""

from production.models.ledger import Account, Lot, ReportMovement, StockBalance, StockMovement, Store
from production.models.material import Material, MaterialNorm
from production.models.material_handover import MaterialHandover, MaterialHandoverLine
from production.models.material_ledger import MaterialAccount, MaterialBalance, MaterialHolder, MaterialMovement
from production.models.material_paper import (
    MaterialExplanation,
    MaterialReceipt,
    MaterialReceiptLine,
    MaterialWriteOff,
)
from production.models.output import OutputEntry, OutputLine, OutputPhoto
from production.models.product import ActivityProduct, DistrictProgress, Product
from production.models.target import DistrictTarget, ProductTarget, PublishedFigure

__all__ = [
    "Account",
    "ActivityProduct",
    "DistrictProgress",
    "DistrictTarget",
    "Lot",
    "Material",
    "MaterialAccount",
    "MaterialBalance",
    "MaterialExplanation",
    "MaterialHandover",
    "MaterialHandoverLine",
    "MaterialHolder",
    "MaterialMovement",
    "MaterialNorm",
    "MaterialReceipt",
    "MaterialReceiptLine",
    "MaterialWriteOff",
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
