from django.contrib.admin import AdminSite


class HubAdminSite(AdminSite):
    pass
