"""What the API takes and gives: validation of writes, shape of answers."""

import re
from contextlib import suppress

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tabular.dates import PartialDate, parse_date
from tabular.errors import NotADate
from tabular.text import clean_text, has_forbidden_characters, show_forbidden_characters

from .codes import read_codes
from .importing import load_tables, prefix_levels
from .levels import Kind, Level, Nature, Status
from .models import Classification
from .numbers import NotAStandardNumber, StandardNumber, parse

ISO_DATE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)


class TidyText(serializers.CharField):
    """Text as it may stand in a record: tidied, without control characters."""

    def to_internal_value(self, data):
        text = clean_text(super().to_internal_value(data))
        if has_forbidden_characters(text):
            raise serializers.ValidationError(_("Control characters are not allowed in the text."))
        return text


class NumberField(serializers.CharField):
    """A standard's number in any spelling, of at most 100 characters; the year is part of it."""

    def to_internal_value(self, data) -> StandardNumber:  # type: ignore[override]
        text = super().to_internal_value(data)
        if has_forbidden_characters(text):
            raise serializers.ValidationError(_("Control characters are not allowed in the text."))
        try:
            number = parse(text, prefix_levels())
        except NotAStandardNumber as refusal:
            raise serializers.ValidationError(refusal.reason, code=refusal.code) from refusal
        if number.year is None:
            raise serializers.ValidationError(_("The number needs its year."), code="year_missing")
        return number

    def to_representation(self, value):
        return str(value)


class PartialDateField(serializers.CharField):
    """A day, or a month or year where no more is known: `2014-04-20`, `2014-04`, `2014`."""

    def to_internal_value(self, data) -> PartialDate:  # type: ignore[override]
        text = super().to_internal_value(data)
        with suppress(NotADate):
            if ISO_DATE.fullmatch(text) and (day := parse_date(text)):
                return day
        raise serializers.ValidationError(_("Write the date as 2014-04-20, 2014-04 or 2014."))

    def to_representation(self, value):
        return str(value)


class StandardRowSerializer(serializers.Serializer):
    """A standard in a list. Dates are ISO 8601, shortened to what is known; a missing date is null (待核)."""

    number = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    title_en = serializers.CharField(allow_blank=True)
    level = serializers.ChoiceField(Level.choices)
    nature = serializers.ChoiceField(Nature.choices)
    kind = serializers.ChoiceField(Kind.choices)
    status = serializers.ChoiceField(Status.choices)
    published_on = serializers.CharField(allow_null=True)
    implemented_on = serializers.CharField(allow_null=True)
    withdrawn_on = serializers.CharField(allow_null=True)
    replaced_by = serializers.ListField(child=serializers.CharField())
    replaces = serializers.ListField(child=serializers.CharField())
    ics = serializers.ListField(child=serializers.CharField())
    ccs = serializers.ListField(child=serializers.CharField())
    region = serializers.CharField(allow_null=True)
    department = serializers.CharField(allow_null=True)
    url = serializers.CharField()
    slug = serializers.CharField()
    is_example = serializers.BooleanField()
    ends_on = serializers.CharField(required=False)
    days_left = serializers.IntegerField(required=False)
    partly_replaced = serializers.BooleanField(required=False)
    inferred = serializers.BooleanField(required=False)


class StandardListSerializer(serializers.Serializer):
    """A page of standards. `on` is the day of the statuses, `as_of` the day as of which the data stand."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    on = serializers.DateField()
    as_of = serializers.DateField()
    results = StandardRowSerializer(many=True)


class RelationSerializer(serializers.Serializer):
    kind = serializers.CharField()
    direction = serializers.ChoiceField([("forward", "forward"), ("backward", "backward")])
    number = serializers.CharField()
    slug = serializers.CharField(allow_null=True)
    degree = serializers.CharField(allow_blank=True)
    inferred = serializers.BooleanField()


class ClaimSerializer(serializers.Serializer):
    source = serializers.CharField()
    as_of = serializers.DateField()
    values = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class StandardDetailSerializer(StandardRowSerializer):
    """One standard with its relations, the sources' own words and its open quality flags."""

    family = serializers.CharField()
    scope = serializers.CharField(allow_blank=True)
    filing_number = serializers.CharField(allow_blank=True)
    relations = RelationSerializer(many=True)
    claims = ClaimSerializer(many=True)
    flags = serializers.ListField(child=serializers.CharField())
    on = serializers.DateField()
    as_of = serializers.DateField()
    version = serializers.IntegerField()


class FamilySerializer(serializers.Serializer):
    """A number without its year and all its editions, the newest first."""

    slug = serializers.CharField()
    number = serializers.CharField()
    current = StandardRowSerializer(allow_null=True)
    editions = StandardRowSerializer(many=True)
    linked = serializers.ListField(child=serializers.CharField())
    on = serializers.DateField()
    as_of = serializers.DateField()


class FacetValueSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()


class FacetsSerializer(serializers.Serializer):
    """Exact counts of the same view by each facet."""

    status = FacetValueSerializer(many=True)
    level = FacetValueSerializer(many=True)
    nature = FacetValueSerializer(many=True)
    kind = FacetValueSerializer(many=True)
    year = FacetValueSerializer(many=True)
    prefix = FacetValueSerializer(many=True)
    region = FacetValueSerializer(many=True)
    department = FacetValueSerializer(many=True)
    ics = FacetValueSerializer(many=True)
    ccs = FacetValueSerializer(many=True)


class StandardWriteSerializer(serializers.Serializer):
    """What a cataloguer may write. The number is given once, when the standard is created."""

    number = NumberField()
    title = TidyText(max_length=500, required=False, allow_blank=True)
    title_en = TidyText(max_length=500, required=False, allow_blank=True)
    scope = TidyText(max_length=5000, required=False, allow_blank=True)
    department = TidyText(max_length=200, required=False, allow_blank=True)
    filing_number = TidyText(max_length=40, required=False, allow_blank=True)
    published_on = PartialDateField(required=False, allow_null=True)
    implemented_on = PartialDateField(required=False, allow_null=True)
    withdrawn_on = PartialDateField(required=False, allow_null=True)
    suspended_on = serializers.DateField(required=False, allow_null=True)
    resumed_on = serializers.DateField(required=False, allow_null=True)
    status_document = TidyText(max_length=200, required=False, allow_blank=True)
    ics = serializers.ListField(child=serializers.CharField(max_length=20), required=False, max_length=20)
    ccs = serializers.ListField(child=serializers.CharField(max_length=20), required=False, max_length=20)
    replaces = serializers.ListField(child=NumberField(), required=False, max_length=100)
    reason = TidyText(max_length=500, required=False, allow_blank=True)

    def to_internal_value(self, data):
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError(
                {show_forbidden_characters(name): _("There is no such field.") for name in sorted(unknown)}
            )
        return super().to_internal_value(data)

    def validate_ics(self, codes):
        return self._codes(codes, "ics")

    def validate_ccs(self, codes):
        return self._codes(codes, "ccs")

    def _codes(self, codes, scheme):
        read = read_codes(" ".join(codes), load_tables().ics_fields)
        found = read.ics if scheme == "ics" else read.ccs
        if read.unread or len(found) != len(set(codes)):
            raise serializers.ValidationError(_("Not all of these are codes of this classification."))
        return sorted(found)

    def validate(self, values):
        begins, ends = values.get("published_on"), values.get("withdrawn_on")
        if begins and ends and ends.end < begins.start:
            raise serializers.ValidationError(
                {"withdrawn_on": _("A standard cannot be withdrawn before it was published.")}
            )
        document = values.get("status_document", self.instance.status_document if self.instance else "")
        if values.get("suspended_on") and not document:
            raise serializers.ValidationError(
                {"status_document": _("A suspension needs the document that ordered it.")}
            )
        own = values.get("number") or (self.instance and parse(self.instance.number))
        if own in values.get("replaces", ()):
            raise serializers.ValidationError({"replaces": _("A standard cannot be related to itself.")})
        if not self.partial and not (values.get("title") or values.get("title_en")):
            raise serializers.ValidationError({"title": _("A standard needs a title, Chinese or English.")})
        return values


class ClassificationSerializer(serializers.ModelSerializer):
    parent = serializers.CharField(source="parent.code", allow_null=True, default=None, read_only=True)

    class Meta:
        model = Classification
        fields = ("scheme", "code", "name", "name_en", "note", "parent")
