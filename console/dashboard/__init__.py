"""What people see in a browser: pages drawn from what a run's journal says, and nothing else."""

from fastapi import FastAPI

from console.dashboard.pages import Pages


def mount(app: FastAPI) -> None:
    """Put the pages onto the application that serves the REST interface, behind the same guard."""
    Pages(app.state.service, app.state.door).mount(app)
