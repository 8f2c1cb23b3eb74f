/** How a command stands to the one before it. */
export type Joint = 'start' | '&' | '&&' | '||' | '|'

/** A batch file as cmd parses it; variables of loops are still in its texts. */
export type Node =
  | {
      readonly kind: 'command'
      readonly text: string
      readonly line: number
      readonly column: number
    }
  | { readonly kind: 'sequence'; readonly items: readonly { readonly joint: Joint; readonly node: Node }[] }
  | {
      readonly kind: 'for'
      /** `/l`, `/f`, `/d`, `/r`, or none. */
      readonly option: string
      /** What stands between the option and the variable. */
      readonly optionText: string
      readonly letter: string
      readonly list: string
      readonly body: Node
      readonly line: number
    }
  | {
      readonly kind: 'if'
      readonly condition: string
      readonly whenTrue: Node
      readonly whenFalse?: Node
      readonly line: number
    }
