"""The owner's backups: how old the last one is, a new one, one to take along, and the way back."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from smartduka import events, health
from smartduka.backup_forms import RestoreForm, UploadForm
from smartduka.backups import comparing, errands, shelf, uploads
from smartduka.backups.flaws import BadBackupError
from smartduka.backups.shelf import Backup, ShelfError
from smartduka.backups.standing import shop_name, standing
from smartduka.models import Event, Shop
from smartduka.refusals import Refusal

GONE = "This backup is not there any more, or cannot be used. Look under Setup, Backups, which ones are."
SECONDS_BETWEEN_LOOKS = 2
"""After so long the page of a running errand loads itself again."""
_MAY_CHANGE = permission_required("smartduka.change_shop", raise_exception=True)


def _that_lies_there(view: Callable[[HttpRequest, Backup], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view gets the backup of a name, of those that lie there: a name that is asked for leads nowhere else.

    A page that was opened yesterday may name one that was not needed any more.
    """

    @wraps(view)
    def look_up(request: HttpRequest, name: str) -> HttpResponseBase:
        for found in shelf.backups(settings.BACKUP_DIR):
            if found.path.name == name and found.manifest:
                return view(request, found)
        return render(request, "404.html", {"reason": GONE}, status=404)

    return look_up


@require_safe
@permission_required("smartduka.view_shop", raise_exception=True)
def backups(request: HttpRequest) -> HttpResponse:
    return _show(request, UploadForm())


@require_POST
@_MAY_CHANGE
def backup_now(request: HttpRequest) -> HttpResponse:
    return _begin(request, "backup")


@require_http_methods(["GET", "POST"])
@_MAY_CHANGE
def backup_upload(request: HttpRequest) -> HttpResponse:
    """Take in a backup from elsewhere, and go on to what it holds."""
    if request.method == "GET":  # a phone loads again what stood there, when it was put away
        return redirect("backups")
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            name = uploads.keep(file, settings.BACKUP_DIR)
        except BadBackupError as error:
            form.add_error("file", f"{file.name} cannot be used as a backup: {error.flaw}.")
        except ShelfError as error:
            form.add_error("file", str(error))
        else:
            events.record(events.BACKUP_UPLOADED, by=request.user, subject=name)
            messages.success(
                request,
                "The file is whole, and kept. The shop is as it was; what a restore would change stands below.",
            )
            return redirect("backup", name)
    return _show(request, form)


@require_POST
@_MAY_CHANGE
@_that_lies_there
def backup_download(request: HttpRequest, found: Backup) -> FileResponse:
    """A post and no link, for it is written down who took the books along."""
    stream = found.path.open("rb")
    events.record(events.BACKUP_DOWNLOADED, by=request.user, subject=found.path.name)
    return FileResponse(stream, as_attachment=True, content_type="application/zip")


@require_http_methods(["GET", "POST"])
@_MAY_CHANGE
@_that_lies_there
def backup(request: HttpRequest, found: Backup) -> HttpResponse:
    """What a backup holds, and what would be lost if it were restored; restored once somebody typed that it shall."""
    shop, name = Shop.current(), found.path.name
    obstacle = comparing.obstacle(found.manifest)
    form = RestoreForm(shop.name, request.POST or None)
    if request.method == "POST" and not obstacle and form.is_valid():
        events.record(events.RESTORE_ASKED, by=request.user, subject=name)
        return _begin(request, "restore", str(found.path), "--no-input", subject=name)
    figures, is_of_this_shop = found.manifest.figures, found.is_of(shop_name())
    changes = list(comparing.changes(figures, is_of_this_shop=is_of_this_shop)) if figures else []
    context = {
        "backup": found,
        "is_of_this_shop": is_of_this_shop,
        "obstacle": obstacle,
        "changes": changes,
        "lost": get_text_list([change.lost_in_words for change in changes if change.lost], "and"),
        "form": form,
    }
    return render(request, "smartduka/backup.html", context)


def _begin(request: HttpRequest, command: str, *arguments: str, subject: str = "") -> HttpResponse:
    """Begin an errand, and show how far it is."""
    try:
        errands.begin(command, *arguments, subject=subject, by=request.user.get_username())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("backups")


def _show(request: HttpRequest, form: UploadForm) -> HttpResponse:
    now = timezone.now()
    stand, errand = standing(settings.BACKUP_DIR, now), errands.last()
    context = {
        "standing": stand,
        "finding": health.of_backups(stand),
        "taken": Event.objects.filter(kind=events.BACKUP_DOWNLOADED).select_related("by").first(),
        "errand": errand if errand and errand.is_news(now) else None,
        "folder": settings.BACKUP_DIR,
        "form": form,
    }
    response = render(request, "smartduka/backups.html", context)
    if errand and errand.is_running:
        response.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response
