export interface Layer {
  /** Folder below src. */
  readonly folder: string
  /** Folders it may import from, besides itself. */
  readonly uses: readonly string[]
  /** Runs in a browser: no Node, no clock, file, socket, random number or process of its own. */
  readonly isPure: boolean
  /** npm packages it may import. Effects may import any; this is for pure folders. */
  readonly packages?: readonly string[]
}

const pure = ['base', 'policy', 'events', 'formats', 'engine']
const effects = [...pure, 'audit', 'stores', 'enforcement']

/** Arrows between the folders of src: down only (ARCHITECTURE.md). `script/check-arrows.ts` holds the sources to it. */
export const layers: readonly Layer[] = [
  { folder: 'base', uses: [], isPure: true },
  { folder: 'policy', uses: ['base'], isPure: true },
  { folder: 'events', uses: ['base'], isPure: true },
  { folder: 'formats', uses: ['base', 'policy', 'events'], isPure: true, packages: ['yaml'] },
  { folder: 'engine', uses: ['base', 'policy', 'events', 'formats'], isPure: true },
  { folder: 'audit', uses: pure, isPure: false },
  { folder: 'stores', uses: pure, isPure: false },
  { folder: 'enforcement', uses: pure, isPure: false },
  { folder: 'agent', uses: effects, isPure: false },
  { folder: 'api', uses: [...effects, 'agent'], isPure: false },
  { folder: 'cli', uses: [...effects, 'agent', 'api'], isPure: false },
]

/** Globals that give a pure folder a clock, randomness, a network, a process or Node; and how they are recognised. */
export const impureGlobals: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'the clock', pattern: /(?<![\w$.])(?:Date\s*\.\s*now\b|new\s+Date\s*(?!\s*\(\s*[^\s)])|performance\s*\.)/ },
  { name: 'random numbers', pattern: /(?<![\w$.])(?:Math\s*\.\s*random\b|crypto\s*\??\.)/ },
  { name: 'the process', pattern: /(?<![\w$.])process\s*(?:\?\.|\.|\[)/ },
  { name: 'timers', pattern: /(?<![\w$.])(?:set|clear)(?:Timeout|Interval|Immediate)\s*\(/ },
  { name: 'the network', pattern: /(?<![\w$.])(?:fetch\s*\(|(?:WebSocket|XMLHttpRequest|EventSource)\b)/ },
  { name: 'the console', pattern: /(?<![\w$.])console\s*\./ },
  { name: 'Node', pattern: /(?<![\w$.])(?:Buffer\b|require\s*\(|__dirname\b|__filename\b|globalThis\b)/ },
]
