/** A type in the making, as one subgraph knows it. */
export interface TypeDraft {
  readonly keyword: 'type' | 'interface';
  readonly directives: Set<string>;
  readonly interfaces: Set<string>;
  /** By name: arguments, type and directives. */
  readonly fields: Map<string, string>;
}

export type Names = readonly [string, ...string[]];
export type Drafts = readonly [SubgraphDraft, ...SubgraphDraft[]];

/** How an `@override` may be decided. */
export const LABELS: Names = ['', ', label: "percent(50)"', ', label: "fresh"'];

/** A subgraph in the making. */
export class SubgraphDraft {
  readonly name: string;
  readonly #types = new Map<string, TypeDraft>();
  readonly #lines: string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  type(name: string, keyword: TypeDraft['keyword'] = 'type'): TypeDraft {
    const known = this.#types.get(name);
    if (known !== undefined) {
      return known;
    }
    const type: TypeDraft = { keyword, directives: new Set(), interfaces: new Set(), fields: new Map() };
    this.#types.set(name, type);
    return type;
  }

  has(name: string): boolean {
    return this.#types.has(name);
  }

  /** Adds a definition that needs no further work. */
  add(definition: string): void {
    this.#lines.push(definition);
  }

  print(): string {
    const types = [...this.#types]
      .filter(([, { fields }]) => fields.size > 0)
      .map(([name, { keyword, directives, interfaces, fields }]) => {
        const implemented = interfaces.size === 0 ? '' : ` implements ${[...interfaces].join(' & ')}`;
        const lines = [...fields].map(([field, rest]) => `  ${field}${rest}`);
        return `${keyword} ${name}${implemented} ${[...directives].join(' ')} {\n${lines.join('\n')}\n}`;
      });
    return [...this.#lines, ...types].join('\n');
  }
}
