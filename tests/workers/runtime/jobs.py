"""Every kind of job that the web app declares, and every handler of the workers."""

import pkgutil
from importlib import import_module

import webapp
from webapp.jobs.kinds import JobKind
from workers import tasks
from workers.runtime.handlers import JobHandler

_APART = {"__main__", "migrations", "wsgi"}


def modules(package):
    """Every module below a package, imported; programs and migrations apart."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    names = [name for _, name, is_package in found if not is_package]
    return [import_module(name) for name in names if not _APART & set(name.split("."))]


def kinds() -> set[JobKind]:
    """Those by which the web app enqueues."""
    return {value for room in modules(webapp) for value in vars(room).values() if isinstance(value, JobKind)}


def handlers() -> list[JobHandler]:
    """Those that the tasks declare."""
    return [module.JOB for module in modules(tasks) if hasattr(module, "JOB")]
