"""The pictures of README.md, taken from a running demo:  take_pictures.py ADDRESS DIRECTORY

DEMO_PASSWORD is that of the demo accounts (`manage.py seed_demo --accounts`); CHROMIUM names the browser, if not Playwright's own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LIMIT = 150_000  # bytes a picture


@dataclass(frozen=True)
class Shot:
    """Who looks at which page; `prepare` does what is to be seen on it."""

    name: str
    person: str
    path: str
    is_phone: bool = False
    height: int = 0
    prepare: Callable[[Page], None] | None = None


def type_a_report(page: Page) -> None:
    page.locator("main ul.work a").filter(has_text="Hazmat").first.click()  # which batch
    page.fill("[name=good]", "24")
    page.locator("details.makers summary").click()
    page.locator(".maker input").first.fill("14")
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")


SHOTS = (
    Shot("petugas-beranda", "petugas.tala", "/", is_phone=True),
    Shot("petugas-catat", "petugas.tala", "/produksi/catat/", is_phone=True, height=1000, prepare=type_a_report),
    Shot("staf-beranda", "staf.kalsel", "/", height=1560),
    Shot("staf-verifikasi", "staf.kalsel", "/verifikasi/"),
    Shot("staf-rekonsiliasi", "staf.kalsel", "/laporan/rekonsiliasi/?per=2020-06-22"),
    Shot("pejabat-register", "pejabat.kalsel", "/register/?periode=2020"),
)


def small(png: bytes) -> bytes:
    """At most 256 colours: enough for pages, a third of the bytes."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        packed = BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        if packed.tell() <= LIMIT:
            break
    return packed.getvalue()


def open_page(browser: Browser, address: str, person: str, *, is_phone: bool, height: int) -> Page:
    size = dict(PHONE if is_phone else DESKTOP)
    size["height"] = height or size["height"]
    context = browser.new_context(base_url=address, locale="id-ID", viewport=size, color_scheme="light")  # type: ignore[arg-type]
    page = context.new_page()
    if person:
        page.goto("/masuk/")
        page.fill("[name=username]", person)
        page.fill("[name=password]", os.environ["DEMO_PASSWORD"])
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/masuk/" not in url)
    return page


def shoot(browser: Browser, address: str, shot: Shot) -> bytes:
    page = open_page(browser, address, shot.person, is_phone=shot.is_phone, height=shot.height)
    page.goto(shot.path)
    page.wait_for_load_state("networkidle")
    if shot.prepare:
        shot.prepare(page)
    png = page.screenshot()
    page.context.close()
    return small(png)


def paper(browser: Browser, address: str) -> tuple[bytes, bytes]:
    """The first page of a BAST of 2020, and what its QR code opens on a phone."""
    page = open_page(browser, address, "pejabat.tala", is_phone=False, height=0)
    page.goto("/register/?periode=2020&q=BAST-IKM")
    row = page.get_by_role("row").filter(has_text="/VI/2020").first
    link = row.get_by_role("link", name="PDF").get_attribute("href") or ""
    content = page.request.get(link).body()
    page.context.close()
    document = pypdfium2.PdfDocument(content)
    picture = BytesIO()
    document[0].render(scale=1.6).to_pil().save(picture, "PNG")
    checked = verification_address(document)
    document.close()
    return small(picture.getvalue()), shoot(browser, address, Shot("periksa", "", urlsplit(checked).path, is_phone=True))


def verification_address(document: pypdfium2.PdfDocument) -> str:
    import zxingcpp  # only here: the other pictures need no reader of QR codes

    found = [code.text for page in document for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]
    return found[0]


def main(address: str, directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or None, args=flags)
        pictures = {shot.name: shoot(browser, address, shot) for shot in SHOTS}
        pictures["bast"], pictures["periksa"] = paper(browser, address)
        browser.close()
    for name, content in pictures.items():
        (directory / f"{name}.png").write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
