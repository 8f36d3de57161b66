"""The example shop: customers, orders, returns, exchanges, refunds, claims, stock and a mailbox.

Run it with `python -m examples.shop`; a test starts one with `running_shop`.
"""

from examples.shop.server import RunningShop, running_shop
from examples.shop.shop import Shop

__all__ = ["RunningShop", "Shop", "running_shop"]
