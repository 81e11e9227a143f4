import { readAccess, readPort, readTrunk } from "./read-port.ts";
import { readRouted } from "./read-routed.ts";
import type { XmlElement } from "../../xml/read-xml.ts";
import { type Wish, wrong } from "../domain/wish.ts";

/** What one element inside our `<guest>` says. An element that we do not know is wrong: a newer genxml wrote it. */
export const readWish = (element: XmlElement): Wish => {
  switch (element.name) {
    case "access":
      return readAccess(element);
    case "trunk":
      return readTrunk(element);
    case "port":
      return readPort(element);
    case "routed":
      return readRouted(element);
    default:
      return wrong(
        `this version knows <access>, <trunk>, <port> and <routed>, not <${element.name}>: update the hook`,
      );
  }
};
