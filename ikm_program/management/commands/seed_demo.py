"""Build the demo: what is known of the South Kalimantan programme of 2020, and a second province beside it, by calling the actions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from ikm_program.demo import attendance, materials, mentoring, ntt, payments, practice, programme, quality, registry, reports
from ikm_program.demo import people as cast
from ikm_program.demo.story import Story
from trainings.models import Programme, Region, User
from trainings.tasks import render_missing


class Command(BaseCommand):
    help = "Fill an empty database with the demo, or print the demo accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="only print the demo accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self._print_accounts()
            return
        if not settings.DEMO_MODE:
            raise CommandError("Demo data needs DEMO_MODE=true: it contains example NIKs that are otherwise refused.")
        if Programme.objects.exists():
            self.stdout.write("There is a programme already; the demo is only put into an empty database.")
            return
        with transaction.atomic():
            seed()
        self.stdout.write(f"Demo data is in. {render_missing()} documents rendered.")

    def _print_accounts(self) -> None:
        for user in User.objects.filter(is_example=True, is_active=True).select_related("region").prefetch_related("groups"):
            self.stdout.write(f"{user.username:24} {cast.PASSWORD}   {', '.join(user.role_labels)} · {user.region}")


def seed() -> None:
    """Everything, in the order it happened."""
    call_command("import_regions", verbosity=0)
    regions = {region.kemendagri_code: region for region in Region.objects.all()}
    people = cast.make_accounts(regions)
    admin, staff = people[cast.ADMINISTRATOR], people["staf.kalsel"]
    offices = cast.make_offices(regions, by=admin)
    officials = cast.make_officials(offices, by=admin)
    for user in people.values():
        assert user.region is not None  # every demo account has one
        user.office = offices[user.region.kemendagri_code]
        user.save(update_fields=["office"])
    products = programme.make_products(regions["63"], by=admin)
    main = programme.make_programme(regions["63"], by=admin)
    activities = programme.make_activities(main, products, regions, by=staff)
    programme.make_targets(main, products, by=staff)
    programme.make_figures(main, products, regions, by=staff)
    batches = programme.make_batches(activities, regions, by=staff, people=people)
    programme.make_progress(main, products, regions, people)
    story = Story(main, products, regions, offices, officials, people)
    story.record_recipients()
    story.record_outputs(batches)
    story.hand_over()
    story.slip_and_reissue()
    story.send_for_evaluation()
    story.pass_on()
    attendance.make(story, batches)
    materials.make(story, batches)
    quality.make(story)
    payments.make(story, activities, batches)
    reports.make(story)
    practice.make(story)
    registry.make(regions, people)
    mentoring.make(regions, people, offices)
    ntt.make(regions)
