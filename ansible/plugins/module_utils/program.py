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


def command_of(module, args, timeout):
    seconds = module.params["timeout"] if timeout is None else timeout
    return [module.params["guestnet"]] + list(args) + ["--host", module.params["uri"], "--timeout", str(seconds)]


def attempt(module, *args, **options):
    """Runs a command of guestnet for the host of the module. Returns its exit code and its report."""
    code, out, err = module.run_command(command_of(module, args, options.get("timeout")))
    return code, (err + out).strip()


def run(module, *args, **options):
    """Runs a command of guestnet for the host of the module; fails with its report. Returns its exit code and its output."""
    command = command_of(module, args, options.get("timeout"))
    code, out, err = module.run_command(command)
    if code not in (GOOD, CHANGES):
        module.fail_json(msg=(err + out).strip(), cmd=command, rc=code)
    return code, out


def diff_of(plan):
    """The text of a plan as Ansible's diff."""
    return {"prepared": plan}
