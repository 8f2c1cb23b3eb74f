/** A document as it will be written: what JSON can hold, and three kinds of text that are laid out in their own way. */
export type Plain = string | number | boolean | PlainList | PlainMap | FilterLines | LongText | OneLine

export type PlainList = readonly Plain[]

/** Fields in order; undefined ones are left out. */
export interface PlainMap {
  readonly [name: string]: Plain | undefined
}

/** Filters, one a line: a list, or one block of text when there are very many. */
export class FilterLines {
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
    this.lines = lines
  }
}

/** Base64 and the like, broken into lines where the format allows. */
export class LongText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Fields or a list that go on one line. */
export class OneLine {
  readonly content: PlainMap | PlainList

  constructor(content: PlainMap | PlainList) {
    this.content = content
  }
}
