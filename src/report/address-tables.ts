import { type AddressPlan } from "../addresses/plan/plan.ts";
import { countsOf, outsideRows, placeText, rowsOf } from "../addresses/plan/table.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";

const table = (rows: readonly (readonly string[])[]): Markup => markup`<table class="addresses">
<thead><tr><th scope="col">Address</th><th scope="col">Held by</th><th scope="col">NIC</th><th scope="col">Remark</th></tr></thead>
<tbody>
${rows.map(
  ([
    what = "",
    who = "",
    nic = "",
    ...remarks
  ]) => markup`<tr><th scope="row">${what}</th><td>${who}</td><td>${nic}</td><td>${remarks.filter((text) => text !== "").join(", ")}</td></tr>
`,
)}</tbody>
</table>`;

/** Returns the address plan: each network with its counts, and who has what in it. */
export const renderAddresses = (plan: AddressPlan): Markup => {
  const outside = outsideRows(plan);
  const networks = plan.entries.map((entry) => {
    const rows = rowsOf(entry);
    return markup`<details>
<summary><b>${entry.prefix}</b> ${entry.places.map(placeText).join(", ")} <small>${countsOf(entry).join(", ")}</small></summary>
${rows.length === 0 ? markup`<p>No address is used.</p>` : table(rows)}
</details>
`;
  });
  return markup`<section id="addresses">
<h2>Address plan</h2>
${networks}${
    outside.length === 0
      ? NOTHING
      : markup`<details>
<summary><b>Outside of every network</b> <small>${outside.length} used</small></summary>
${table(outside)}
</details>
`
  }</section>`;
};
