"""The report: one page that shows a run, made from its folder alone."""

from console.report.page import write_report

__all__ = ["write_report"]
