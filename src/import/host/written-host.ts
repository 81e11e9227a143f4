/** Addresses of the host in one network, as `host.json` has them. */
export interface WrittenAddressing {
  readonly addresses: readonly string[];
  readonly gateway?: readonly string[];
  readonly vrf?: string;
}

export interface InterfaceText extends Partial<WrittenAddressing> {
  readonly mtu?: number;
}

export interface WrittenVxlan {
  readonly local: string;
  readonly vnis: Readonly<Record<string, number>>;
  readonly peers?: readonly string[];
  readonly evpn?: true;
  readonly port?: number;
  readonly device?: string;
}

export interface WrittenBridge {
  readonly uplinks: readonly string[];
  readonly vlans: Readonly<Record<string, number | string>>;
  readonly native?: number;
  readonly mac?: string;
  readonly mtu?: number;
  readonly addresses?: Readonly<Record<string, WrittenAddressing>>;
  readonly vxlan?: WrittenVxlan;
}

export interface WrittenBond {
  readonly ports: readonly string[];
  readonly mode: string;
  readonly miimon?: number;
  readonly lacpRate?: string;
  readonly hashPolicy?: string;
  readonly primary?: string;
  readonly minLinks?: number;
}

export interface WrittenRouted {
  readonly uplinks?: readonly string[];
  readonly prefixes?: readonly string[];
  readonly vrfs?: Readonly<Record<string, number>>;
}

/** `host.json`, as a person would write it. */
export interface HostText {
  readonly bonds?: Readonly<Record<string, WrittenBond>>;
  readonly bridges?: Readonly<Record<string, WrittenBridge>>;
  readonly interfaces?: Readonly<Record<string, InterfaceText>>;
  readonly routed?: WrittenRouted;
}
