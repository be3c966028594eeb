"""Deploying: a build's files fetched, checked, brought onto a handset, and a receipt left there.

receipt = deploy(load_build(path), handset)
"""

from __future__ import annotations

from framework.deploy.build import Build, load_build
from framework.deploy.damage import damage
from framework.deploy.deployment import deploy, undeploy
from framework.deploy.receipt import Receipt, read_receipt

__all__ = ["Build", "Receipt", "damage", "deploy", "load_build", "read_receipt", "undeploy"]
