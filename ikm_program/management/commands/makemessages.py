from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's own, without its guesses: a new sentence is untranslated, never translated by something that looks like it."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_now"]  # gettext beside gettext_lazy in one module
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
