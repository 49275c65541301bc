"""一社区一品牌, 一小区一特色: of a year, by community, with how far they are."""

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.entry import PUBLIC, opens_to
from volunteers.models import Brand
from web.params import whole_number


@require_safe
@opens_to(PUBLIC)
def brand_list(request: HttpRequest) -> HttpResponse:
    years = list(Brand.objects.order_by("-year").values_list("year", flat=True).distinct())
    chosen = whole_number(request.GET.get("year"))
    year = chosen if chosen in years else (years[0] if years else localdate().year)
    brands = Brand.objects.filter(year=year).select_related("grid").order_by("grid__tree_id", "grid__lft")
    steps = brands.annotate(
        all_steps=Count("steps"), reached=Count("steps", filter=Q(steps__reached_date__isnull=False))
    )
    context = {"brands": steps.annotate(level=F("grid__level")), "year": year, "years": years}
    return render(request, "volunteers/brands/list.html", context)


@require_safe
@opens_to(PUBLIC)
def brand(request: HttpRequest, brand_id: int) -> HttpResponse:
    brand = get_object_or_404(Brand.objects.select_related("grid"), pk=brand_id)
    context = {"brand": brand, "steps": brand.steps.order_by("due_date", "pk"), "today": localdate()}
    return render(request, "volunteers/brands/brand.html", context)
