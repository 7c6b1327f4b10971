"""Every ViewSet of the API, registered here, so that the API reads as one list."""

from rest_framework.routers import SimpleRouter

from catalog.api import ClassificationViewSet, FamilyViewSet, StandardViewSet
from directory.api import RegionViewSet

router = SimpleRouter()
router.register("standards", StandardViewSet, "standard")
router.register("families", FamilyViewSet, "family")
router.register("classifications", ClassificationViewSet, "classification")
router.register("regions", RegionViewSet, "region")

app_name = "api"
urlpatterns = router.urls
