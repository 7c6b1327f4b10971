from django.contrib.admin import apps


class HubAdminConfig(apps.AdminConfig):
    default_site = "standards_hub.admin_site.HubAdminSite"
