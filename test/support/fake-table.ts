/** The table `bridge guestnet` of a fake kernel: sets that know their elements, and the comments of the rules. */
export class FakeTable {
  #sets: Map<string, Set<string>> | null = null;
  #rules: string[] = [];

  copy(): FakeTable {
    const copy = new FakeTable();
    copy.#sets =
      this.#sets === null ? null : new Map([...this.#sets].map(([name, set]) => [name, new Set(set)]));
    copy.#rules = [...this.#rules];
    return copy;
  }

  /** Takes one command, and fails as nft does when it is about something that is not there. */
  run(line: string): void {
    const [verb = "", what = "", , , name = ""] = line.split(" ");
    const body = /\{ (.*) \}$/.exec(line)?.[1] ?? "";
    const set = (): Set<string> => {
      const found = this.#sets?.get(name);
      if (found === undefined) throw new Error("Error: No such file or directory");
      return found;
    };
    switch (`${verb} ${what}`) {
      case "add table":
        this.#sets ??= new Map();
        return;
      case "add set":
        if (this.#sets?.has(name) === false) this.#sets.set(name, new Set());
        return;
      case "add chain":
        return;
      case "flush chain":
        this.#rules = [];
        return;
      case "add rule":
        this.#rules.push(/ comment "([^"]*)"$/.exec(line)?.[1] ?? "");
        return;
      case "add element":
        set().add(body);
        return;
      case "delete element":
        if (!set().delete(body)) throw new Error("Error: Could not process rule: No such file or directory");
        return;
      default:
        throw new Error(`the fake table does not know: ${line}`);
    }
  }

  /** What `nft -j list table` prints, or null when there is no table. */
  list(): readonly unknown[] | null {
    if (this.#sets === null) return null;
    return [
      ...[...this.#sets].map(([name, set]) => ({ set: { name, elem: [...set].map(toJson) } })),
      ...this.#rules.map((comment) => ({ rule: { chain: "guard", comment } })),
    ];
  }

  /** Its elements: rules and empty sets are static and stay. */
  print(): readonly string[] {
    return [...(this.#sets ?? [])].flatMap(([name, set]) => [...set].map((element) => `${name} ${element}`));
  }
}

const toJson = (element: string): unknown => {
  const parts = element
    .split(" . ")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('"', "")));
  return parts.length === 1 ? parts[0] : { concat: parts };
};
