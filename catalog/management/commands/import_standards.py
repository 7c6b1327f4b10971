"""Import catalogue files: `import_standards FILE... [--profile NAME] [--dry-run] [--rejects FILE]`."""

from catalog.importing import PROFILES
from records.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import standards from csv, xlsx, xls, json, jsonl or block files; each file is one batch."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--profile", choices=sorted(PROFILES), help="how the files are built, where it is special")

    def kind_of(self, options):
        return "standards"

    def form_of(self, options):
        profile = PROFILES.get(options["profile"] or "")
        return profile.form if profile else None
