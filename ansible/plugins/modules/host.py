#!/usr/bin/python
"""Installs the hook on a host, and repairs the network of its running guests."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: host
short_description: Install the hook and repair running guests
description:
  - Installs the hook of guestnet if C(guestnet doctor) reports that it is missing or not this version.
  - Makes the kernel match the metadata of running guests, with C(guestnet apply).
  - Check mode and the diff are the findings of doctor and C(guestnet plan).
  - It runs on the controller, where guestnet is. The host needs no Python.
options:
  uri:
    description: The libvirt URI of the host, such as C(qemu+ssh://root@kvm2/system).
    type: str
    required: true
  guestnet:
    description: The program guestnet on the controller.
    type: path
    default: guestnet
  timeout:
    description: Time limit for the host, in seconds.
    type: int
    default: 60

author:
  - guestnet maintainers
"""

EXAMPLES = r"""
- guestnet.guestnet.host:
    uri: qemu+ssh://root@{{ inventory_hostname }}/system
  delegate_to: localhost
"""

RETURN = r"""
plan:
  description: What guestnet shows that it changes.
  type: str
  returned: always
"""

import json

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.guestnet.guestnet.plugins.module_utils.program import CHANGES, COMMON, diff_of, run


def main():
    module = AnsibleModule(argument_spec=dict(COMMON), supports_check_mode=True)
    findings = json.loads(run(module, "doctor", "--json")[1])["findings"]
    hook = [one["fact"] for one in findings if one["check"] == "hook" and one["kind"] != "ok"]
    code, plan = run(module, "plan")
    drifts = code == CHANGES
    text = "".join("install the hook: %s\n" % fact for fact in hook) + (plan if drifts else "")
    if hook and not module.check_mode:
        run(module, "install")
    if drifts and not module.check_mode:
        run(module, "apply", "--yes")
    module.exit_json(changed=bool(hook) or drifts, plan=text, diff=diff_of(text))


if __name__ == "__main__":
    main()
