"""`magpie account`: accounts, as an operator keeps them at the machine."""

import sys

import rich_click as click

from api.cli.running import run
from api.cli.telling import stop, t, tell

ROLES = ("administrator", "organiser", "registrar", "chief_judge", "judge", "delegation_leader", "employer")


@click.group(help=t("account_help"))
def account() -> None:
    """Commands about accounts."""


@account.command(name="add", help=t("account_add_help"))
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), help=t("account_role"))
@click.option("--union", help=t("account_union"))
@click.option("--token", is_flag=True, help=t("account_token"))
@click.option("--password-stdin", is_flag=True, help=t("account_password_stdin"))
def add_account(name: str, role: str | None, union: str | None, token: bool, password_stdin: bool) -> None:
    """Add an account; the token, if one is wanted, is all that standard output gets."""
    from events import operating
    from events.terms import Role

    if problem := _misuse(role, union):
        raise click.UsageError(t(problem))
    granted = Role(role) if role else None
    password = first_line() if password_stdin else None
    made = run(operating.add_account(name, role=granted, union=union, password=password, token=token))
    tell(t("account_added", name=name))
    if made:
        click.echo(made)


def _misuse(role: str | None, union: str | None) -> str | None:
    """What does not go together: an administrator is one everywhere, every other role holds in a union."""
    if role is None:
        return "role_needed" if union else None
    if role == "administrator":
        return "union_not_needed" if union else None
    return None if union else "union_needed"


@account.command(name="list", help=t("account_list_help"))
def list_accounts() -> None:
    """Every account, one a line."""
    run(_list_accounts())


async def _list_accounts() -> None:
    from events import accounts
    from events.access import SYSTEM

    cursor: str | None = ""
    while cursor is not None:
        page = await accounts.everyone(SYSTEM, cursor=cursor, limit=500)
        for found in page.items:
            roles = {str(grant.role) for grant in await accounts.grants_of_account(SYSTEM, found.id)}
            click.echo("\t".join([found.name, ",".join(sorted(roles)), str(found.id)]))
        cursor = page.next


@account.command(name="password", help=t("account_password_help"))
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help=t("account_password_stdin"))
def set_password(name: str, password_stdin: bool) -> None:
    """Set an account's password."""
    password = first_line() if password_stdin else click.prompt(t("password_prompt"), hide_input=True, err=True)
    run(_set_password(name, password))
    tell(t("password_set", name=name))


async def _set_password(name: str, password: str) -> None:
    from events import accounts
    from events.access import SYSTEM

    found = await accounts.find(SYSTEM, name)
    await accounts.set_password(SYSTEM, found.id, password)


def first_line() -> str:
    """The first line of standard input, without its end."""
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        stop(t("no_password_given"))
    return line
