import type { ReportedHost } from "./fleet-report.ts";
import { type Markup, markup } from "./markup.ts";

/** Returns a host's name, which leads to its picture. */
export type LinkToHost = (name: string) => Markup;

/** Returns the anchor of a host. @param at its place among the hosts */
export const anchorOf = (at: number): string => `host-${String(at + 1)}`;

/** Returns the links to all hosts. A name can be a URI, which is no anchor. */
export const hostLinks = (hosts: readonly ReportedHost[]): LinkToHost => {
  const anchors = new Map(hosts.map(({ name }, at) => [name, anchorOf(at)]));
  return (name) => {
    const anchor = anchors.get(name);
    return anchor === undefined ? markup`${name}` : markup`<a href="#${anchor}">${name}</a>`;
  };
};
