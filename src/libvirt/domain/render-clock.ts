import type { XmlElement } from "../../xml/render-element.ts";
import type { Profile } from "../../guest/profile.ts";
import { DOMAIN } from "./render-order.ts";
import { place, setText } from "./render-tree.ts";

/** The clock's base, and what ends or restarts the guest. The clock's timers are the template's. */
export const renderClock = (domain: XmlElement, profile: Profile): void => {
  const { clock } = profile;
  if (clock !== null) {
    const element = place(domain, "clock", DOMAIN);
    for (const name of ["adjustment", "basis", "timezone", "start"]) element.attributes.delete(name);
    element.att({ offset: clock.kind });
    if (clock.kind === "timezone") element.att({ timezone: clock.timezone });
  }
  const actions = [
    ["on_poweroff", profile.onPoweroff],
    ["on_reboot", profile.onReboot],
    ["on_crash", profile.onCrash],
  ] as const;
  for (const [name, action] of actions) {
    if (action !== null) setText(place(domain, name, DOMAIN), action);
  }
};
