import { parseAddress } from "../../values/address.ts";
import { isUnroutable } from "../../values/address-range.ts";
import { list, match, object, optional, read, expects } from "../../text/schema.ts";
import { ADDRESS } from "./network.ts";

// RFC 1123, section 2.1; the kernel takes 64 bytes (sethostname), the first label of a name with dots is what it gets.
const HOSTNAME =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

export const hostname = match(
  HOSTNAME,
  expects(
    "hostname",
    'must be a host name such as "dns1" or "dns1.example.org": letters, digits and inner dashes, up to 63 characters per label',
  ),
);

const userData = match(
  /^[^\u0000-\u001f\u007f-\u009f]+$/,
  expects("path", 'must be a file path, absolute or relative to the profile, such as "dns1.user-data"'),
);

const instanceId = match(
  /^[A-Za-z0-9_.-]{1,64}$/,
  expects("text", 'must be 1 to 64 letters, digits, dots, dashes or underscores, such as "dns1-2"'),
);

const server = read(
  (text) => {
    const address = parseAddress(text);
    return address === null || isUnroutable(address) ? null : address;
  },
  ADDRESS,
  expects("address", 'must be the unicast address of a DNS server, such as "2001:db8::53" or "192.0.2.53"'),
);

const dns = object({
  servers: optional(
    list(server),
    "DNS servers, written to the first interface with a gateway. Default: none.",
  ),
  search: optional(list(hostname), "Search domains for names without a dot. Default: none."),
});

/** Data for cloud-init, in addition to the addresses of the interfaces. */
export const writtenCloudInit = object({
  userData: optional(
    userData,
    "Path of your user-data file, relative to this file; copied unchanged. Default: an empty #cloud-config.",
  ),
  hostname: optional(
    hostname,
    "Host name, with or without a domain. Default: the guest's name without accents, with dashes for all but letters, digits and dots.",
  ),
  instanceId: optional(
    instanceId,
    "Instance ID for cloud-init. To force another first boot, change it. Default: the UUID.",
  ),
  dns: optional(dns, "The guest's name resolution. Default: none is written."),
});
