// Ends with status 0 when node_modules holds what package-lock.json says. Runs on any Node, before anything is installed.
import { readFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(new URL(path, root), 'utf8')).packages ?? {}
  } catch {
    return undefined
  }
}

const wanted = packagesOf('package-lock.json')
const present = packagesOf('node_modules/.package-lock.json')
const isComplete =
  wanted !== undefined &&
  present !== undefined &&
  Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link === true) return true
    const found = present[path]
    // Optional packages are those of other platforms.
    return found === undefined ? entry.optional === true : found.version === entry.version
  })
process.exit(isComplete ? 0 : 1)
