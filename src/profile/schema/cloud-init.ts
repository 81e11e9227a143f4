import type * as v from "valibot";
import { parseAddress } from "../../values/address.ts";
import { rangeOf, UNROUTABLE } from "../../values/address-range.ts";
import { list, match, object, optional, read, expects } from "../../text/schema.ts";
import { ADDRESS } from "./network.ts";

// RFC 1123, section 2.1; the kernel takes 64 bytes (sethostname), the first label of a name with dots is what it gets.
const HOSTNAME =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

const hostname = match(
  HOSTNAME,
  expects(
    "hostname",
    'must be labels of letters, digits and dashes, such as "dns1" or "dns1.example.org", each up to 63 long and with no dash at its ends',
  ),
);

const userData = match(
  /^[^\u0000-\u001f\u007f-\u009f]+$/,
  expects("path", 'must be the path of a file, absolute or from the profile\'s folder, such as "dns1.user-data"'),
);

const instanceId = match(
  /^[A-Za-z0-9_.-]{1,64}$/,
  expects("text", 'must be 1 to 64 letters, digits, dots, dashes or underscores, such as "dns1-2"'),
);

const server = read(
  (text) => {
    const address = parseAddress(text);
    return address === null || UNROUTABLE.has(rangeOf(address)) ? null : address;
  },
  ADDRESS,
  expects("address", 'must be the unicast address of a DNS server, such as "2001:db8::53" or "192.0.2.53"'),
);

const dns = object({
  servers: optional(
    list(server),
    "Addresses of DNS servers, told to the first interface with a gateway. Default: none.",
  ),
  search: optional(list(hostname), "Domains in which names without a dot are looked up. Default: none."),
});

/** What cloud-init tells the guest, beside the addresses of its interfaces. */
export const writtenCloudInit = object({
  userData: optional(
    userData,
    "Path of your user-data, from this file's folder; passed through byte for byte. Default: an empty #cloud-config.",
  ),
  hostname: optional(
    hostname,
    "Labels of letters, digits and dashes, with or without a domain. Default: the guest's name, a dash for each underscore.",
  ),
  instanceId: optional(
    instanceId,
    "What cloud-init knows the guest by; another one makes it do its first boot again. Default: the UUID.",
  ),
  dns: optional(dns, "Where the guest looks names up. Default: it is not told."),
});
export type WrittenCloudInit = v.InferOutput<typeof writtenCloudInit>;
