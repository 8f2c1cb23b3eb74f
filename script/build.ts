import { mkdirSync, readdirSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { build, type OutputFile } from 'esbuild'

/** Chunks of earlier builds stay this long: a running agent may still load them. Milliseconds. */
const keepOldChunks = 24 * 3600 * 1000

const root = resolve(import.meta.dirname, '..')
const target = join(root, 'dist')

// Chunks carry a digest of their content in their names, so they go first; the entries that name them last.
const files = (await bundle()).toSorted((a, b) => rank(a.path) - rank(b.path))
for (const file of files) {
  mkdirSync(dirname(file.path), { recursive: true })
  const temporary = `${file.path}.${process.pid}.new`
  writeFileSync(temporary, file.contents)
  renameSync(temporary, file.path)
}
writeFileSync(join(target, 'package.json'), '{ "type": "module" }\n')
removeOldChunks(new Set(files.map((file) => file.path)))

async function bundle(): Promise<OutputFile[]> {
  try {
    const result = await build({
      absWorkingDir: root,
      entryPoints: { polagent: 'src/cli/main.ts', attemptMain: 'src/agent/attemptMain.ts' },
      outdir: target,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      minifySyntax: true,
      minifyWhitespace: true,
      legalComments: 'none',
      // The ES module form of the same package: no `require` in the bundle.
      alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
      write: false,
      logLevel: 'warning',
    })
    return result.outputFiles
  } catch {
    // esbuild has said what is wrong.
    process.exit(1)
  }
}

function rank(path: string): number {
  return /(?:polagent|attemptMain)\.js$/.test(path) ? 1 : 0
}

function removeOldChunks(current: ReadonlySet<string>): void {
  for (const name of readdirSync(target)) {
    const path = join(target, name)
    if (!name.endsWith('.js') || current.has(path)) continue
    if (Date.now() - statSync(path).mtimeMs > keepOldChunks) unlinkSync(path)
  }
}
