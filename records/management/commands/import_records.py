"""Import files of one kind of record: `import_records KIND FILE... [--as USER] [--dry-run] [--rejects FILE]`."""

from records.import_command import ImportCommand
from records.importing import IMPORTERS


class Command(ImportCommand):
    help = "Import records of one kind from csv, xlsx, xls, json or jsonl files; each file is one batch."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=sorted(IMPORTERS), help="what the files hold")
        super().add_arguments(parser)

    def kind_of(self, options):
        return options["kind"]
