#!/usr/bin/python
"""Defines guests on a host from their profiles."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: guests
short_description: Define guests from their profiles
description:
  - Defines the guests of profiles that are new or differ, with C(guestnet push).
  - No guest is started, stopped or removed. Check mode and the diff are C(guestnet push --dry-run).
  - It runs on the controller, where guestnet and the profiles are.
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
  path:
    description: A directory of profiles, or a profile. Its directory C(HOST), if there is one, has the profiles of the host.
    type: path
    required: true
author:
  - guestnet maintainers
"""

EXAMPLES = r"""
- guestnet.guestnet.guests:
    uri: qemu+ssh://root@{{ inventory_hostname }}/system
    path: site/
  delegate_to: localhost
"""

RETURN = r"""
plan:
  description: What guestnet shows that it changes.
  type: str
  returned: always
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.guestnet.guestnet.plugins.module_utils.program import CHANGES, COMMON, diff_of, run


def main():
    module = AnsibleModule(argument_spec=dict(COMMON, path={"type": "path", "required": True}), supports_check_mode=True)
    path = module.params["path"]
    code, plan = run(module, "push", path, "--dry-run")
    changed = code == CHANGES
    if changed and not module.check_mode:
        run(module, "push", path, "--yes")
    module.exit_json(changed=changed, plan=plan, diff=diff_of(plan if changed else ""))


if __name__ == "__main__":
    main()
