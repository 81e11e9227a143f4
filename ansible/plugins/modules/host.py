#!/usr/bin/python
"""Sets up a host: its hook, the network of its running guests, and its own network."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: host
short_description: Install the hook, repair running guests, and apply host.json
description:
  - Installs the hook of guestnet if C(guestnet doctor) reports that it is missing or not this version.
  - Makes the kernel match the metadata of running guests, with C(guestnet apply).
  - With I(network), makes the host's own network match host.json, with C(guestnet host try). The network is kept
    (C(guestnet host confirm)) only if the controller reaches the host by a new connection. Otherwise the host puts its
    former network back after I(trial) seconds.
  - Check mode and the diff are the findings of doctor, C(guestnet plan) and C(guestnet host plan).
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
  network:
    description: The host.json on the controller that describes the host's network. Without it the network stays as it is.
    type: path
  format:
    description: The network manager whose files are written. The default is the one that the host has.
    type: str
    choices: [networkd, ifupdown2, ifupdown, netplan, networkmanager, nmstate, iproute2]
  remove:
    description: Files of the host that configure the same devices, and are removed.
    type: list
    elements: str
    default: []
  trial:
    description: Seconds after which the host puts its former network back unless the controller reaches it.
    type: int
    default: 60
author:
  - guestnet maintainers
"""

EXAMPLES = r"""
- guestnet.guestnet.host:
    uri: qemu+ssh://root@{{ inventory_hostname }}/system
    network: site/{{ inventory_hostname }}/host.json
  delegate_to: localhost
"""

RETURN = r"""
plan:
  description: What guestnet shows that it changes.
  type: str
  returned: always
"""

import json
import time

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.guestnet.guestnet.plugins.module_utils.program import CHANGES, COMMON, GOOD, attempt, diff_of, run

FORMATS = ["networkd", "ifupdown2", "ifupdown", "netplan", "networkmanager", "nmstate", "iproute2"]
ARGUMENTS = dict(
    COMMON,
    network={"type": "path"},
    format={"type": "str", "choices": FORMATS},
    remove={"type": "list", "elements": "str", "default": []},
    trial={"type": "int", "default": 60},
)


def network_args(params):
    """Arguments of guestnet host plan and try."""
    args = [params["network"]]
    if params["format"]:
        args += ["--format", params["format"]]
    for path in params["remove"]:
        args += ["--remove", path]
    return args


def keep_network(module):
    """Keeps the network on trial once the controller reaches the host again, by a new connection for each attempt."""
    end = time.time() + module.params["trial"]
    while True:
        left = int(end - time.time())
        code, report = attempt(module, "host", "confirm", timeout=max(1, min(10, left)))
        if code == GOOD:
            return
        if left <= 0:
            break
        time.sleep(1)
    # A confirmation whose answer was lost counts.
    if attempt(module, "host", "plan", *network_args(module.params))[0] != GOOD:
        module.fail_json(msg="not confirmed, so the host puts its former network back: %s" % report, rc=code)


def main():
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    findings = json.loads(run(module, "doctor", "--json")[1])["findings"]
    hook = [one["fact"] for one in findings if one["check"] == "hook" and one["kind"] != "ok"]
    has_network = module.params["network"] is not None
    code, network = run(module, "host", "plan", *network_args(module.params)) if has_network else (GOOD, "")
    differs = code == CHANGES
    code, plan = run(module, "plan")
    drifts = code == CHANGES
    text = (network if differs else "") + "".join("install the hook: %s\n" % fact for fact in hook) + (plan if drifts else "")
    if not module.check_mode:
        # A guest's port needs its bridge, and a repair of guests the hook's version of today.
        if differs:
            run(module, "host", "try", *network_args(module.params), timeout=module.params["trial"])
            keep_network(module)
        if hook:
            run(module, "install")
        if drifts:
            run(module, "apply", "--yes")
    module.exit_json(changed=differs or bool(hook) or drifts, plan=text, diff=diff_of(text))


if __name__ == "__main__":
    main()
