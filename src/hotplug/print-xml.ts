import type { XmlElement } from "../xml/read-xml.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

const attributesOf = ({ attributes }: XmlElement): string =>
  Object.entries(attributes)
    .filter(([name]) => name !== "xmlns" && !name.startsWith("xmlns:"))
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join("");

/**
 * Prints an element for libvirt. Each that has a namespace declares its own prefix: libvirt takes the outermost declaration
 * of metadata away and gives the element another (virXMLInjectNamespace), and its children would have lost theirs.
 *
 * @param bare the outermost element without its namespace, as `virsh metadata --set` wants it
 */
export const printXml = (element: XmlElement, bare = false): string => {
  const { namespace, name, children, text } = element;
  const own = namespace === null || bare ? name : `guestnet:${name}`;
  const declared = namespace === null || bare ? "" : ` xmlns:guestnet="${escaped(namespace)}"`;
  const inside =
    children.map((inner) => printXml(inner)).join("") + (children.length === 0 ? escaped(text) : "");
  const head = `${own}${declared}${attributesOf(element)}`;
  return inside === "" ? `<${head}/>` : `<${head}>${inside}</${own}>`;
};
