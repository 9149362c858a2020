"""The long work of an import, done by the worker after the commit. A second run of the same task changes nothing."""

from __future__ import annotations

import logging

from django_tasks import task

from ikm_program import garbage
from ikm_program.logs import without_values
from ikm_program.sheets import checking, entering
from ikm_program.sheets.models import SheetImport

log = logging.getLogger(__name__)


@task()
def check_import(import_id: int, version: int) -> None:
    sheet_import = SheetImport.objects.select_related("created_by__region").filter(pk=import_id, version=version).first()
    if sheet_import is None or sheet_import.status != SheetImport.Status.CHECKING:
        return
    try:
        with garbage.seldom_collected():
            checking.check(sheet_import, version)
    except Exception as error:
        checking.fail(sheet_import, version)
        log.error("the check of import %s failed: %s", import_id, without_values(error))
        raise


@task()
def enter_import(import_id: int, version: int) -> None:
    sheet_import = SheetImport.objects.filter(pk=import_id, version=version).first()
    if sheet_import is None or sheet_import.status != SheetImport.Status.ENTERING:
        return
    try:
        with garbage.seldom_collected():
            entering.enter(sheet_import, version)
    except Exception as error:
        checking.fail(sheet_import, version)
        log.error("entering import %s failed: %s", import_id, without_values(error))
        raise
