"""Small pages to look at: a customer's account, the mailbox, a label."""

from __future__ import annotations

from html import escape
from typing import Any

from aiohttp import web

from examples.shop import after_sales, orders, people
from examples.shop.api import SHOP

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "td,th{text-align:left;padding:.3rem .8rem .3rem 0;vertical-align:top}"
    "code{font-size:1.3rem;background:#eef;padding:.2rem .5rem}"
)


def add_pages(app: web.Application) -> None:
    """Add the routes of the pages."""
    app.router.add_get("/", _home)
    app.router.add_get("/account/{customer}", _account)
    app.router.add_post("/account/{customer}/link", _link)
    app.router.add_post("/account/{customer}/email", _email)
    app.router.add_get("/mailbox", _mailbox)
    app.router.add_get("/mailbox/{customer}", _mailbox)
    app.router.add_get("/labels/{key}", _label)


async def _home(request: web.Request) -> web.Response:
    async with request.app[SHOP].transaction() as database:
        every = await people.every(database)
    rows = "".join(
        f"<tr><td>{escape(row['name'])}<td>{escape(row['email'])}"
        f'<td><a href="/account/{row["id"]}">account</a>'
        f'<td><a href="/mailbox/{row["id"]}">mailbox</a>'
        for row in every
    )
    said = "<p>Everybody may sign in as anybody here: it is an example.</p>"
    return _page("Larkspur Outdoor", f"{said}<table>{rows}</table>")


async def _account(request: web.Request) -> web.Response:
    identity = request.match_info["customer"]
    async with request.app[SHOP].transaction() as database:
        row = await people.customer(database, identity)
        every = await orders.every(database, identity)
    found = "".join(
        f"<tr><td>{each['number']}<td>{each['status']}<td>{escape(each['contents'])}"
        f"<td>{escape(each['address'])}<td>€{each['total']}"
        for each in every
    )
    link = (
        f'<form method="post" action="/account/{identity}/link">'
        "<button>Connect your chat account</button></form>"
    )
    mail = (
        f'<form method="post" action="/account/{identity}/email">'
        f'<input name="email" type="email" value="{escape(row["email"])}"> <button>Change</button>'
        "</form>"
    )
    return _page(row["name"], f"{link}{mail}<table>{found}</table>")


async def _link(request: web.Request) -> web.Response:
    code = await request.app[SHOP].link_code(request.match_info["customer"])
    said = f"<p>Send this to the bot in a private message within {people.LINK_MINUTES} minutes:</p>"
    warning = "<p>Give it to nobody else.</p>"
    return _page("Connect your chat account", f"{said}<p><code>{code}</code></p>{warning}")


async def _email(request: web.Request) -> web.Response:
    identity = request.match_info["customer"]
    form = await request.post()
    await request.app[SHOP].change_email(identity, str(form.get("email", "")))
    raise web.HTTPSeeOther(f"/account/{identity}")


async def _mailbox(request: web.Request) -> web.Response:
    mails = await request.app[SHOP].mails(request.match_info.get("customer", ""))
    found = "".join(_mail(each) for each in mails) or "<p>No mail yet.</p>"
    return _page("Mailbox", found)


def _mail(mail: dict[str, Any]) -> str:
    code = f"<p><code>{escape(mail['code'])}</code></p>" if mail["code"] else ""
    head = f"<h2>{escape(mail['subject'])}</h2><p>To: {escape(mail['address'])}</p>"
    return f"{head}{code}<p>{escape(mail['body'])}</p>"


async def _label(request: web.Request) -> web.Response:
    async with request.app[SHOP].transaction() as database:
        row = await after_sales.label(database, request.match_info["key"])
    said = f"<p>Return {row['number']} of order {row['order_number']}</p>"
    to = "<p>To: Larkspur Outdoor, Returns, Rijnkade 5, 3511 LC Utrecht, Netherlands</p>"
    return _page("Return label", said + to)


def _page(title: str, body: str) -> web.Response:
    text = (
        f'<!doctype html><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style><h1>{escape(title)}</h1>{body}"
        '<p><a href="/">customers</a> · <a href="/mailbox">mailbox</a></p>'
    )
    return web.Response(text=text, content_type="text/html")
