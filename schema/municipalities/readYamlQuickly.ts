import { CORE_SCHEMA, load } from 'js-yaml';

/**
 * Reads what a quick parser certainly reads as the `yaml` parser does: `key: value` line by line, and remarks. Undefined for
 * everything else and for everything that is wrong; some of that is refused only because of how it looks.
 */
export function readYamlQuickly(text: string): unknown {
  if (DOUBTFUL.some((pattern) => pattern.test(text))) {
    return undefined;
  }
  try {
    return load(text, { schema: CORE_SCHEMA }) ?? undefined;
  } catch {
    return undefined;
  }
}

/** What the two parsers take in different ways, or what makes a line part of another one. */
const DOUBTFUL = [
  // Control characters, tabs, line ends of other kinds, spaces that are none; escapes.
  /[^\P{C}\n\r]|[^\P{Z} ]|\r(?!\n)|\\/u,
  // Lines that are neither empty, nor a remark, nor begin with a key; keys of more than 1,024 characters.
  /^(?! *(?:#|\r?$|[A-Za-z][\w-]*:(?: |\r?$)))|^.{1000}/m,
  // Anchors, aliases, tags, block scalars, explicit keys.
  /[\s,[{:-][&*!|>?@`%~]/,
  // Quotation marks and brackets that the line does not close; a remark that touches a value.
  /^(?:[^"\n]*"[^"\n]*")*[^"\n]*"[^"\n]*$|^(?:[^'\n]*'[^'\n]*')*[^'\n]*'[^'\n]*$/m,
  /: +[[{](?!.*[\]}] *(?: #.*)?\r?$)|[^\s]#/m,
  // Keys that are no text, also in mappings in one line.
  /\b(?:true|false|null) *:|[,[{] *(?:[^\sA-Za-z,\]}][^,]*)?:(?=[\s,\]}])/i,
  // Mappings and lists that may be keys of a mapping in one line.
  /[,{] *[[{]/,
  // Numbers that are written in an unusual way, or that may be too large.
  /[\s,[{:](?:\+|[-+]?\.|[-+]?0[box]|-0(?!\.\d*[1-9]))|\d\.?e[-+]?\d|\d{16}/i,
];
