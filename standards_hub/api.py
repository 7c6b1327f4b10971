"""Every ViewSet of the API, registered here, so that the API reads as one list."""

from django.urls import path, reverse
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from catalog.api import ClassificationViewSet, FamilyViewSet, StandardViewSet
from catalog.contribution_api import ContributionViewSet
from directory.access import may_audit
from directory.api import RegionViewSet
from records.register_api import register_viewset
from records.registers import REGISTERS
from reports.api import TrailViewSet

router = SimpleRouter()
router.register("standards", StandardViewSet, "standard")
router.register("families", FamilyViewSet, "family")
router.register("classifications", ClassificationViewSet, "classification")
router.register("contributions", ContributionViewSet, "contribution")
router.register("regions", RegionViewSet, "region")
for register in REGISTERS.values():
    router.register(register.kind, register_viewset(register), register.kind)
router.register("trail", TrailViewSet, "trail")


class Root(APIView):
    """What there is: the address of each list, of the schema and of the page to try them."""

    schema = None

    def get(self, request):
        hidden = {"family"} if may_audit(request.user) else {"family", "trail"}
        lists = {prefix: reverse(f"api:{name}-list") for prefix, _view, name in router.registry if name not in hidden}
        pages = {"schema": reverse("schema"), "docs": reverse("api_docs")}
        return Response({name: request.build_absolute_uri(path) for name, path in (lists | pages).items()})


app_name = "api"
urlpatterns = [path("", Root.as_view(), name="root"), *router.urls]
