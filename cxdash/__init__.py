"""cxdash links the voice of the customer to money, and says so when it cannot tell."""

from importlib.metadata import PackageNotFoundError, version

__all__ = ["__version__"]

try:
    __version__ = version("cxdash")
except PackageNotFoundError:  # run from a checkout, which is the normal way
    __version__ = "0.1.0"
