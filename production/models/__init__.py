"""What is made: products and targets, output and its verification, lots and the ledgers."""

from production.models.criterion import Criterion
from production.models.day_sum import ReportDay, StockDay, SummedUpTo
from production.models.inspection import Inspection, InspectionFinding, InspectionLine, InspectionMember
from production.models.ledger import HELD, IN_STORE, Account, Lot, ReportMovement, StockBalance, StockMovement, Store
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
from production.models.purchase import Purchase, PurchaseAgreement, PurchaseLine, PurchasePrice, StampDuty
from production.models.stocktake import Stocktake, StocktakeDraw, StocktakeLine, StocktakeMember
from production.models.target import DistrictTarget, ProductTarget, PublishedFigure

__all__ = [
    "HELD",
    "IN_STORE",
    "Account",
    "ActivityProduct",
    "Criterion",
    "DistrictProgress",
    "DistrictTarget",
    "Inspection",
    "InspectionFinding",
    "InspectionLine",
    "InspectionMember",
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
    "Purchase",
    "PurchaseAgreement",
    "PurchaseLine",
    "PurchasePrice",
    "ReportDay",
    "ReportMovement",
    "StampDuty",
    "StockBalance",
    "StockDay",
    "StockMovement",
    "Stocktake",
    "StocktakeDraw",
    "StocktakeLine",
    "StocktakeMember",
    "Store",
    "SummedUpTo",
]
