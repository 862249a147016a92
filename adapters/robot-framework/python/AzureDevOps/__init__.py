"""Robot Framework library for Azure DevOps.

`Library    AzureDevOps` gives the keywords; `--listener AzureDevOps.Needs` with `--dryrun` adds up what a suite needs.
"""

from .library import AzureDevOps
from .needs import Needs

__all__ = ["AzureDevOps", "Needs"]
