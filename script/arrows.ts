import { posix } from 'node:path'
import { impureGlobals, type Layer, layers } from './layers.ts'
import { codeOnly } from './sourceText.ts'

export interface ArrowViolation {
  /** Path from the root of the checkout, with `/`. */
  readonly file: string
  readonly line: number
  readonly message: string
}

const importPattern = /(?<![.\w$])(?:from|import)\s*\(?\s*(['"])/g

/** What one source file below src does against the layer table. */
export function arrowViolations(file: string, source: string): ArrowViolation[] {
  const folder = folderOf(file)
  if (folder === undefined) return []
  const layer = layers.find((one) => one.folder === folder)
  if (layer === undefined) {
    return [{ file, line: 1, message: `src/${folder} is not in the table of layers (script/layers.ts)` }]
  }
  // Quotes stay visible here, what they hold is read from the source itself.
  const code = codeOnly(source)
  const found: ArrowViolation[] = []
  for (const { specifier, index } of importsOf(source, code)) {
    const message = importProblem(file, layer, specifier)
    if (message !== undefined) found.push({ file, line: lineAt(source, index), message })
  }
  if (!layer.isPure) return found
  for (const { name, pattern } of impureGlobals) {
    for (const match of code.matchAll(new RegExp(pattern, 'g'))) {
      const message = `src/${folder} is pure and must be handed ${name}, not take it (${match[0].trim()})`
      found.push({ file, line: lineAt(source, match.index), message })
    }
  }
  return found
}

/** Import, export-from and import() specifiers. `from` and `import` count only where they are code. */
function* importsOf(source: string, code: string): Generator<{ specifier: string; index: number }> {
  for (const match of source.matchAll(importPattern)) {
    const word = match[0].slice(0, 4)
    if (code.slice(match.index, match.index + 4) !== word) continue
    const start = match.index + match[0].length
    const end = source.indexOf(match[1] as string, start)
    if (end > 0) yield { specifier: source.slice(start, end), index: match.index }
  }
}

function importProblem(file: string, layer: Layer, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return packageProblem(layer, specifier)
  const target = posix.join(posix.dirname(file), specifier)
  const folder = folderOf(target)
  if (folder === undefined) {
    return layer.isPure ? `src/${layer.folder} is pure and must not import ${target} from outside src` : undefined
  }
  if (folder === layer.folder || layer.uses.includes(folder)) return undefined
  return `src/${layer.folder} must not import from src/${folder}: arrows point down only`
}

function packageProblem(layer: Layer, specifier: string): string | undefined {
  if (!layer.isPure) return undefined
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  if (layer.packages?.includes(name) === true) return undefined
  return `src/${layer.folder} is pure and must not import ${specifier}`
}

function folderOf(path: string): string | undefined {
  const parts = path.split('/')
  return parts[0] === 'src' && parts.length > 2 ? parts[1] : undefined
}

function lineAt(source: string, index: number): number {
  let line = 1
  for (let at = source.indexOf('\n'); at >= 0 && at < index; at = source.indexOf('\n', at + 1)) line += 1
  return line
}
