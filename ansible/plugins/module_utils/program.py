"""Runs guestnet on the controller, for one host."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

# Exit codes of guestnet: as wanted, error, something to do.
GOOD, CHANGES = 0, 2

COMMON = {
    "uri": {"type": "str", "required": True},
    "guestnet": {"type": "path", "default": "guestnet"},
    "timeout": {"type": "int", "default": 60},
}


def run(module, *args):
    """Runs a command of guestnet for the host of the module; fails with its report."""
    command = [module.params["guestnet"]] + list(args)
    command += ["--host", module.params["uri"], "--timeout", str(module.params["timeout"])]
    code, out, err = module.run_command(command)
    if code not in (GOOD, CHANGES):
        module.fail_json(msg=(err + out).strip(), cmd=command, rc=code)
    return code, out


def diff_of(before, after=""):
    """The text of a plan as Ansible's diff."""
    return {"prepared": before if after == "" else before + after}
