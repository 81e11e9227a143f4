// Runs in the reader's browser, as part of the page of `guestnet report`: it searches and sorts the table of guests, and
// unfolds the picture of a host that a link leads to.
{
  const table = document.querySelector("table.guests");
  const body = table?.querySelector("tbody");
  const search = document.querySelector("#search");
  const input = search?.querySelector("input");
  const output = search?.querySelector("output");

  if (table && body && search instanceof HTMLElement && input && output) {
    const rows = [...body.rows].map((row) => ({ row, text: (row.textContent ?? "").toLowerCase() }));
    // dns2 comes before dns10.
    const { compare } = new Intl.Collator("en", { numeric: true });

    const show = () => {
      const words = input.value.toLowerCase().split(/\s+/);
      let shown = 0;
      for (const { row, text } of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown += 1;
      }
      output.value = `${shown} of ${rows.length}`;
    };

    /** @param {HTMLTableRowElement} row @param {number} at */
    const keyOf = ({ cells }, at) => cells[at]?.dataset["key"] ?? cells[at]?.textContent ?? "";

    const headings = [...table.querySelectorAll("thead th")];
    /** @param {number} at */
    const sortBy = (at) => {
      const down = headings[at]?.getAttribute("aria-sort") === "ascending";
      for (const heading of headings) heading.removeAttribute("aria-sort");
      headings[at]?.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sign = down ? -1 : 1;
      rows.sort((a, b) => sign * compare(keyOf(a.row, at), keyOf(b.row, at)));
      body.append(...rows.map(({ row }) => row));
    };

    for (const [at, heading] of headings.entries()) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent;
      button.addEventListener("click", () => {
        sortBy(at);
      });
      heading.replaceChildren(button);
    }
    input.addEventListener("input", show);
    search.hidden = false;
    // A browser may have kept the word of a page that was loaded again.
    show();
  }

  const unfold = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
}
