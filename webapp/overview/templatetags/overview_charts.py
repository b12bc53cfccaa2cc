"""Charts and bars on pages: SVG drawn by the server, coloured by the style sheet, and a table."""

from django import template

from webapp.core.pages.charts import BarChart
from webapp.review.consensus.batch_parts import BatchParts

register = template.Library()


@register.inclusion_tag("overview/_chart.html")
def chart(chart: BarChart, name: str) -> dict:
    """A chart with its legend and its table. name: its data-testid."""
    return {"chart": chart, "name": name}


@register.inclusion_tag("overview/_bar.html")
def parts_bar(parts: BatchParts, with_legend: bool = True) -> dict:
    """A batch's parts as one bar."""
    return {"parts": parts, "with_legend": with_legend}
