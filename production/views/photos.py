"""Photos: sent ahead one by one, shown to whoever may see their report, never public."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from ikm_program.actions import Refusal
from ikm_program.images import clean_photo, sha256_of
from ikm_program.uploads import SENT_BY_PEOPLE
from ikm_program.views import Screen
from production.actions.photos import add_photo
from production.models import OutputPhoto

THUMBNAIL_SIDE = 320


def keep_photos(request: HttpRequest, form_key: UUID | None) -> list[str]:
    """Keep the files that came with the form itself, before anything of the form is judged: they are not to be sent twice.

    Answers the sentences of those that were refused. The key of each is made from its content, so that a retry changes nothing.
    """
    problems: list[str] = []
    for file in request.FILES.getlist("photos") if form_key else []:
        assert form_key is not None
        try:
            add_photo(request.user.region, by=request.user, image=file, upload_key=_key_of(file, form_key), form_key=form_key)  # type: ignore[union-attr]
        except Refusal as refusal:
            problems.append(f"{file.name}: {refusal}")
    return problems


def _key_of(file: UploadedFile, form_key: UUID) -> UUID:
    file.seek(0)
    digest = sha256_of(file.read())
    file.seek(0)
    return uuid5(NAMESPACE_URL, f"{form_key}/{digest}")


class PhotoUpload(Screen):
    """One photo and its own key (`key`), from the background of a form. The answer carries the key back, or it did not arrive."""

    permission = add_photo.permission  # type: ignore[attr-defined]
    http_method_names = ["post"]

    def post(self, request: HttpRequest, form_key: UUID) -> HttpResponse:
        try:
            upload_key = UUID(request.POST.get("key", ""))
        except ValueError:
            return self.refused(_("The photo came without its key."))
        image = request.FILES.get("photo")
        if image is None:
            return self.refused(_("No photo arrived."))
        is_new = not OutputPhoto.objects.filter(uploaded_by=request.user, upload_key=upload_key).exists()  # type: ignore[misc]
        try:
            photo = add_photo(request.user.region, by=request.user, image=image, upload_key=upload_key, form_key=form_key)  # type: ignore[union-attr]
        except Refusal as refusal:
            return self.refused(str(refusal))
        answer = {"key": str(upload_key), "id": photo.pk, "url": photo.get_absolute_url()}
        return JsonResponse(answer, status=201 if is_new else 200)

    def refused(self, sentence: str) -> HttpResponse:
        return JsonResponse({"error": sentence}, status=422)


class PhotoFile(Screen):
    """The picture itself, or with `?ukuran=kecil` a small one for lists on a poor line."""

    permission = "production.view_outputentry"
    model = OutputPhoto

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        photo: Any = get_object_or_404(self.get_queryset(), pk=pk)
        with photo.image.open("rb") as file:
            is_small = request.GET.get("ukuran") == "kecil"
            content = clean_photo(file, max_side=THUMBNAIL_SIDE).content if is_small else file.read()
        headers = SENT_BY_PEOPLE | {"Content-Disposition": f'inline; filename="foto-{pk}.jpg"'}
        return HttpResponse(content, content_type="image/jpeg", headers=headers)
