"""Who may use cxdash, and what did they do? Roles, people, sign-ins, the audit log."""

from cxdash.access.roles import Action, Actor, Role, allowed, require

__all__ = ["Action", "Actor", "Role", "allowed", "require"]
